import type { Span } from '@opentelemetry/api'
import { ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_STACKTRACE, ATTR_EXCEPTION_TYPE } from '@mcpcat/semconv'
import { isRecord } from '../wire.js'

const MAX_MESSAGE = 4096
const MAX_STACK = 16_384
const MAX_CAUSES = 8

/**
 * Adds what was really thrown as an exception event. The cause chain and the parts of an
 * `AggregateError` follow the stack as `Caused by:`; what is no Error is told by its type.
 */
export function addException(span: Span, error: unknown): void {
  const { type, message } = describe(error)
  span.addEvent('exception', {
    [ATTR_EXCEPTION_TYPE]: type,
    [ATTR_EXCEPTION_MESSAGE]: message,
    [ATTR_EXCEPTION_STACKTRACE]: chain(error),
  })
}

/** `error.type` for a failure that is no JSON-RPC error: the name of what was thrown. */
export function errorType(error: unknown): string {
  return describe(error).type
}

function describe(error: unknown): { type: string; message: string } {
  if (error instanceof Error || (isRecord(error) && typeof error['message'] === 'string')) {
    const { name, message } = error as { name?: unknown; message: unknown }
    const constructed = error.constructor?.name
    // A subclass that does not set its name still says `Error`: its class then tells more.
    const type = typeof name === 'string' && name !== '' && name !== 'Error' ? name : constructed || 'Error'
    return { type, message: String(message).slice(0, MAX_MESSAGE) }
  }
  if (typeof error === 'object' && error !== null) {
    return { type: error.constructor?.name ?? 'object', message: json(error).slice(0, MAX_MESSAGE) }
  }
  return { type: typeof error, message: String(error).slice(0, MAX_MESSAGE) }
}

function chain(error: unknown): string {
  const texts: string[] = []
  const seen = new Set<unknown>()
  const queue: unknown[] = [error]
  let length = 0
  while (queue.length > 0 && texts.length < MAX_CAUSES && length < MAX_STACK) {
    const next = queue.shift()
    if (seen.has(next)) continue
    seen.add(next)
    const text = `${texts.length > 0 ? 'Caused by: ' : ''}${stackOf(next)}`
    texts.push(text)
    length += text.length
    if (next instanceof Error) {
      if (next.cause !== undefined) queue.push(next.cause)
      if (next instanceof AggregateError) queue.push(...next.errors.slice(0, MAX_CAUSES))
    }
  }
  return texts.join('\n').slice(0, MAX_STACK)
}

function stackOf(error: unknown): string {
  const { type, message } = describe(error)
  const stack = isRecord(error) || error instanceof Error ? (error as { stack?: unknown }).stack : undefined
  return typeof stack === 'string' && stack !== '' ? stack : `${type}: ${message}`
}

function json(value: object): string {
  try {
    return JSON.stringify(value) ?? '[object]'
  } catch {
    // Cyclic, or a toJSON that throws: the type alone is told.
    return '[object]'
  }
}
