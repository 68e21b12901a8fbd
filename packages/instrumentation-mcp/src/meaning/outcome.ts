import { SpanKind, SpanStatusCode, type Attributes, type SpanStatus } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE, ATTR_MCPCAT_CANCELLED, ATTR_RPC_RESPONSE_STATUS_CODE } from '@mcpcat/semconv'
import { isRecord, stringOf, type Message } from '../wire.js'
import { errorType } from './exception.js'

/** How a call ended, in attributes for span and metric, and the span's status (absent: UNSET). */
export interface Outcome {
  readonly attributes: Attributes
  readonly spanAttributes?: Attributes
  readonly status?: SpanStatus
}

/** Codes that blame the caller: on a server span they are no error. Parse, request, method, params, resource not found. */
const CALLERS_FAULT: ReadonlySet<unknown> = new Set([-32700, -32600, -32601, -32602, -32002])

const MAX_DESCRIPTION = 1024

export const SUCCESS: Outcome = { attributes: {} }

/** Conventions: `docs/gen-ai/mcp.md`, `error.type` and `rpc.response.status_code`. */
export function outcomeOfResponse(kind: SpanKind, method: string, response: Message): Outcome {
  if (response.error !== undefined) return outcomeOfError(kind, response.error)
  return method === 'tools/call' ? outcomeOfToolResult(response.result) : SUCCESS
}

function outcomeOfError(kind: SpanKind, error: unknown): Outcome {
  const { code, message } = isRecord(error) ? error : {}
  const type = typeof code === 'number' ? String(code) : '_OTHER'
  const coded: Attributes = typeof code === 'number' ? { [ATTR_RPC_RESPONSE_STATUS_CODE]: type } : {}
  if (kind === SpanKind.SERVER && CALLERS_FAULT.has(code)) return { attributes: coded }
  return { attributes: { ...coded, [ATTR_ERROR_TYPE]: type }, status: errorStatus(stringOf(message)) }
}

function outcomeOfToolResult(result: unknown): Outcome {
  if (!isRecord(result) || result['isError'] !== true) return SUCCESS
  return { attributes: { [ATTR_ERROR_TYPE]: 'tool_error' }, status: errorStatus(firstText(result['content'])) }
}

/**
 * The request was taken back and no answer will come. Whoever sent it saw a failure; whoever
 * received it did as it was told.
 */
export function outcomeOfCancellation(kind: SpanKind): Outcome {
  const spanAttributes: Attributes = { [ATTR_MCPCAT_CANCELLED]: true }
  if (kind === SpanKind.SERVER) return { attributes: {}, spanAttributes }
  return { attributes: { [ATTR_ERROR_TYPE]: 'cancelled' }, spanAttributes, status: errorStatus() }
}

/** Timeouts and failures of the transport: OTel's general rules for `error.type`. */
export function outcomeOfTimeout(): Outcome {
  return { attributes: { [ATTR_ERROR_TYPE]: 'timeout' }, status: errorStatus() }
}

export function outcomeOfFailure(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : undefined
  return { attributes: { [ATTR_ERROR_TYPE]: errorType(error) }, status: errorStatus(message) }
}

/** The connection went before the answer came. */
export function outcomeOfClosedConnection(kind: SpanKind): Outcome {
  if (kind === SpanKind.SERVER) return outcomeOfCancellation(kind)
  return { attributes: { [ATTR_ERROR_TYPE]: 'connection_closed' }, status: errorStatus() }
}

/** Too many others wait for an answer that never comes. */
export function outcomeOfAbandonment(): Outcome {
  return { attributes: { [ATTR_ERROR_TYPE]: 'abandoned' }, status: errorStatus() }
}

function errorStatus(message?: string): SpanStatus {
  return message
    ? { code: SpanStatusCode.ERROR, message: message.slice(0, MAX_DESCRIPTION) }
    : { code: SpanStatusCode.ERROR }
}

function firstText(content: unknown): string | undefined {
  if (!Array.isArray(content)) return undefined
  for (const block of content) if (isRecord(block) && block['type'] === 'text') return stringOf(block['text'])
  return undefined
}
