import type { Encoding } from './responses.js'
import { MalformedError, WireReader } from './wire-reader.js'

export interface PartialSuccess {
  /** Spans, data points or log records that were refused for good. */
  readonly rejected: number
  readonly message: string
}

/**
 * What the answer to an accepted request says (opentelemetry-proto, `docs/specification.md`, "Partial
 * Success"): one shape for all signals. An answer that is no OTLP is no reason to doubt the success.
 */
export function partialSuccess(body: Buffer, encoding: Encoding): PartialSuccess {
  try {
    return encoding === 'json' ? fromJson(body) : fromProtobuf(body)
  } catch (error) {
    if (error instanceof MalformedError || error instanceof SyntaxError) return { rejected: 0, message: '' }
    throw error
  }
}

function fromProtobuf(body: Buffer): PartialSuccess {
  const reader = new WireReader(body)
  let rejected = 0
  let message = ''
  while (reader.more()) {
    const tag = reader.tag()
    if (tag !== 0x0a) {
      reader.skip(tag)
      continue
    }
    const outer = reader.enter()
    while (reader.more()) {
      const field = reader.tag()
      if (field === 0x08) rejected = Number(reader.int64())
      else if (field === 0x12) message = reader.string()
      else reader.skip(field)
    }
    reader.leave(outer)
  }
  return { rejected: Math.max(0, rejected), message }
}

function fromJson(body: Buffer): PartialSuccess {
  const parsed = (body.length > 0 ? JSON.parse(body.toString('utf8')) : {}) as {
    partialSuccess?: Record<string, string | number>
  } | null
  const told = parsed?.partialSuccess ?? {}
  const rejected = Number(told['rejectedSpans'] ?? told['rejectedDataPoints'] ?? told['rejectedLogRecords'] ?? 0)
  return { rejected: rejected > 0 ? rejected : 0, message: String(told['errorMessage'] ?? '') }
}
