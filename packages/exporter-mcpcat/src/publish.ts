import { PartialError, PermanentError, RetryableError, type Span, type Traces } from '@mcpcat/collector'
import { refusal, type HttpAnswer } from '@mcpcat/collector/http'
import { isRetryableStatus, toEvent, type ReadableSpanLike } from '@mcpcat/exporter/events'
import { spansOf } from './mcp-spans.js'
import { readableSpans } from './readable-spans.js'

export interface Destination {
  readonly url: string
  readonly projectId: string | undefined
  /** One request with one event. @throws RetryableError when there is no answer. */
  post(event: Buffer): Promise<HttpAnswer>
  /** Hears of an event that was refused for good. */
  onRejected(error: PermanentError): void
}

/** Requests of one batch under way at one time. */
const REQUESTS_AT_ONCE = 8

/**
 * Sends each span as one event. Once the destination cannot take one, no more are tried.
 *
 * @returns How many were refused for good.
 * @throws PartialError with what is worth another try.
 */
export async function publish(traces: Traces, destination: Destination): Promise<number> {
  const waiting = readableSpans(traces)
  const left = new Set<Span>()
  let rejected = 0
  let obstacle: RetryableError | undefined

  async function sendAll(): Promise<void> {
    for (const { span, readable } of waiting) {
      if (obstacle) left.add(span)
      else {
        try {
          const answer = await destination.post(encode(readable, destination.projectId))
          if (answer.status < 200 || answer.status >= 300) throw refusal(answer, destination.url, isRetryableStatus)
        } catch (error) {
          if (error instanceof PermanentError) {
            rejected += 1
            destination.onRejected(error)
          } else {
            left.add(span)
            obstacle = worse(obstacle, error)
          }
        }
      }
    }
  }

  // One iterator, so that each span is taken once.
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, sendAll))
  if (!obstacle) return rejected
  throw new PartialError(obstacle.message, {
    cause: obstacle,
    rest: spansOf(traces, (span) => left.has(span)),
    rejected,
    ...(obstacle.retryAfterMs !== undefined && { retryAfterMs: obstacle.retryAfterMs }),
  })
}

function encode(span: ReadableSpanLike, projectId: string | undefined): Buffer {
  try {
    return Buffer.from(JSON.stringify(toEvent(span, projectId)))
  } catch (cause) {
    throw new PermanentError(`the span ${span.name} makes no event`, { cause })
  }
}

/** The one that asks for the longer wait. */
function worse(known: RetryableError | undefined, error: unknown): RetryableError {
  const found = error instanceof RetryableError ? error : new RetryableError(String(error), { cause: error })
  return known && (known.retryAfterMs ?? 0) >= (found.retryAfterMs ?? 0) ? known : found
}
