import { z } from 'zod'

/**
 * One event of the MCPcat events API, as the `mcpcat` and `agentcat` SDKs send it. Some of them
 * add a camelCase twin of each member; those, and all that is not known, are dropped here.
 */
export interface McpcatEvent {
  id?: string | undefined
  project_id?: string | undefined
  session_id?: string | undefined
  /** `mcp:` and a method, or `identify` or `custom` behind `mcpcat:` or `agentcat:`. */
  event_type?: string | undefined
  is_error?: boolean | undefined
  error?: { message?: string | undefined; type?: string | undefined; stack?: string | undefined } | undefined
  resource_name?: string | undefined
  user_intent?: string | undefined
  /** Milliseconds. */
  duration?: number | undefined
  /** The start, ISO 8601. */
  timestamp?: string | undefined
  /** Without `extra`, in which SDKs send headers and tokens of the request. */
  parameters?: Record<string, unknown> | undefined
  response?: unknown
  identify_actor_given_id?: string | undefined
  identify_actor_name?: string | undefined
  identify_data?: Record<string, unknown> | undefined
  tags?: Record<string, unknown> | undefined
  properties?: Record<string, unknown> | undefined
  ip_address?: string | undefined
  sdk_language?: string | undefined
  mcpcat_version?: string | undefined
  agentcat_version?: string | undefined
  server_name?: string | undefined
  server_version?: string | undefined
  client_name?: string | undefined
  client_version?: string | undefined
}

const text = z.string().optional()
const record = z.record(z.string(), z.unknown()).optional()

const eventSchema: z.ZodType<McpcatEvent> = z.object({
  id: text,
  project_id: text,
  session_id: text,
  event_type: text,
  is_error: z.boolean().optional(),
  error: z.object({ message: text, type: text, stack: text }).optional(),
  resource_name: text,
  user_intent: text,
  duration: z.number().nonnegative().optional(),
  timestamp: z
    .string()
    .refine((value) => !Number.isNaN(Date.parse(value)), 'expected an ISO 8601 time')
    .optional(),
  parameters: record.transform(withoutExtra),
  response: z.unknown().optional(),
  identify_actor_given_id: text,
  identify_actor_name: text,
  identify_data: record,
  tags: record,
  properties: record,
  ip_address: text,
  sdk_language: text,
  mcpcat_version: text,
  agentcat_version: text,
  server_name: text,
  server_version: text,
  client_name: text,
  client_version: text,
})

/** @returns The event, or in one line what is wrong with it. */
export function readEvent(json: unknown): McpcatEvent | string {
  const result = eventSchema.safeParse(withoutNulls(json))
  if (result.success) return result.data
  return result.error.issues.map(({ path, message }) => `${path.join('.') || 'the event'}: ${message}`).join('; ')
}

function withoutExtra(parameters: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  return parameters && Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== 'extra'))
}

/** To those who send, null and absent are the same, in the event and in its `error`. */
function withoutNulls(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(
    members.map(([key, member]) => [
      key,
      key === 'error' && depth === 0 ? withoutNulls(member, 1) : (member as unknown),
    ]),
  )
}
