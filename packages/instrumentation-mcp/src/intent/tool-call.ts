import type { Attributes } from '@opentelemetry/api'
import { ATTR_MCPCAT_INTENT, ATTR_MCPCAT_MISSING_TOOL } from '@mcpcat/semconv'
import { captureRequest } from '../content/capture.js'
import type { Call } from '../meaning/call.js'
import type { Connection } from '../meaning/connection.js'
import type { Runtime } from '../runtime.js'
import { isRecord, stringOf, type Message } from '../wire.js'
import { askServer, type Handler } from './ask-server.js'
import { GET_MORE_TOOLS, getMoreToolsResult } from './get-more-tools.js'
import { registeredContext } from './registered-schema.js'
import { CONTEXT_ARGUMENT } from './schema.js'
import { toldByNamesakes, toldByServer, type ToolState } from './tool-memory.js'

/** How a `tools/call` goes on: what the SDK gets to see, and what takes the place of its handler. */
export interface ToolCallPlan {
  readonly message: Message
  readonly intent?: string | undefined
  readonly missingTool?: true
  /** Not known before the server is asked. */
  readonly handler?: (call: Call, original: Handler | undefined, list: Handler | undefined) => Handler
}

type PlanFindings = Pick<ToolCallPlan, 'intent' | 'missingTool'>

const MAX_INTENT = 8192

/** Parts the agent's intent from the arguments of a tool call, on a copy: client and server may share the message. */
export function planToolCall(runtime: Runtime, connection: Connection, message: Message): ToolCallPlan {
  const { config } = runtime
  const tool = stringOf(message.params?.['name'])
  const args = message.params?.['arguments']
  const hasContext = config.context !== 'off' && isRecord(args) && Object.hasOwn(args, CONTEXT_ARGUMENT)
  const mayReport = tool === GET_MORE_TOOLS && config.getMoreTools
  if (tool === undefined || (!hasContext && !mayReport) || config.contextExcludeTools.has(tool)) return { message }
  const state = knownState(connection, tool)
  if (state === 'injected') return strip(message)
  if (state === 'kept') return { message }
  if (state === 'ours') return { message, ...report(message), handler: () => getMoreToolsResult }
  return {
    message,
    handler: (call, original, list) => async (request, extra) => {
      const told = await askServer(connection, config, list, tool, extra).catch((): ToolState => 'kept')
      if (told === 'ours') {
        applyFindings(call, report(message))
        return getMoreToolsResult()
      }
      if (told === 'kept' || !isRecord(request)) return original?.(request, extra)
      const stripped = strip(request)
      applyFindings(call, stripped)
      captureRequest(call, stripped.message.params)
      return original?.(stripped.message, extra)
    },
  }
}

/** The intent, as the span has it. */
export function planAttributes({ intent, missingTool }: PlanFindings): Attributes | undefined {
  if (intent === undefined && !missingTool) return undefined
  return {
    ...(intent !== undefined && { [ATTR_MCPCAT_INTENT]: intent }),
    ...(missingTool && { [ATTR_MCPCAT_MISSING_TOOL]: true }),
  }
}

/** For a span that began before the intent was known. */
function applyFindings(call: Call, findings: PlanFindings): void {
  const attributes = planAttributes(findings)
  if (attributes) call.span.setAttributes(attributes)
}

function knownState(connection: Connection, tool: string): ToolState | undefined {
  const told = toldByServer(connection, tool)
  if (told) return told
  if (registeredContext(connection.protocol, tool) === 'owned') return 'kept'
  return toldByNamesakes(connection, tool)
}

function strip(message: Message): ToolCallPlan {
  const args = message.params?.['arguments']
  if (!isRecord(args)) return { message }
  const { [CONTEXT_ARGUMENT]: context, ...rest } = args
  return { message: { ...message, params: { ...message.params, arguments: rest } }, intent: intentOf(context) }
}

function report(message: Message): { intent: string | undefined; missingTool: true } {
  const args = message.params?.['arguments']
  return { intent: isRecord(args) ? intentOf(args[CONTEXT_ARGUMENT]) : undefined, missingTool: true }
}

function intentOf(context: unknown): string | undefined {
  return stringOf(context)?.slice(0, MAX_INTENT)
}
