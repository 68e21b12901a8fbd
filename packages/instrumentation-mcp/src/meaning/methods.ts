import { ATTR_GEN_AI_PROMPT_NAME, ATTR_GEN_AI_TOOL_NAME, ATTR_MCP_RESOURCE_URI } from '@mcpcat/semconv'

/** What one MCP method means for its span. A method that is not in the table has a name and nothing more. */
export interface MethodMeaning {
  /** `params` key whose string becomes an attribute. */
  readonly attribute?: readonly [param: string, attribute: string]
  /** Whether that string is also the target in the span's name (a resource URI never is). */
  readonly named?: boolean
  /** `gen_ai.operation.name`: tool calls, and nothing else. */
  readonly operation?: 'execute_tool'
}

const resource: MethodMeaning = { attribute: ['uri', ATTR_MCP_RESOURCE_URI] }

export const METHODS: Readonly<Record<string, MethodMeaning>> = {
  'tools/call': { attribute: ['name', ATTR_GEN_AI_TOOL_NAME], named: true, operation: 'execute_tool' },
  'prompts/get': { attribute: ['name', ATTR_GEN_AI_PROMPT_NAME], named: true },
  'resources/read': resource,
  'resources/subscribe': resource,
  'resources/unsubscribe': resource,
  'notifications/resources/updated': resource,
}

const nothingMore: MethodMeaning = {}

export function meaningOf(method: string): MethodMeaning {
  return Object.hasOwn(METHODS, method) ? (METHODS[method] ?? nothingMore) : nothingMore
}
