import type { Consumer } from '../consumer.js'
import { PermanentError, RetryableError } from '../errors.js'
import type { Traces } from '../traces.js'
import { cloneTraces, ownLists } from '../clone-traces.js'

/**
 * One consumer in front of several. Each gets every batch; those that change batches get their own
 * copy, unless they are alone. All of them are awaited, so that one failure does not hide another.
 */
export function fanOut(consumers: readonly Consumer[]): Consumer {
  const [only, ...others] = consumers
  if (only && others.length === 0) return only
  return {
    mutatesData: false,
    // A copy is in the same bytes.
    holdsNothing: consumers.length > 0 && consumers.every(({ holdsNothing }) => holdsNothing ?? false),
    consumeTraces(traces) {
      // Copies are made before anyone starts, so that no one reads what another has changed.
      const batches = consumers.map((consumer) => ownPart(consumer, traces))
      return all(consumers.map((consumer, index) => consumer.consumeTraces(batches[index]!)))
    },
    consumePayload: (payload) => all(consumers.map((consumer) => consumer.consumePayload(payload))),
  }
}

function ownPart({ mutatesData, takesSpans }: Consumer, traces: Traces): Traces {
  if (mutatesData) return cloneTraces(traces)
  return takesSpans ? ownLists(traces) : traces
}

async function all(consuming: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(consuming)
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  if (errors.length > 0) throw combined(errors)
}

/** Worth a retry when any consumer would take the batch later; redelivery to the others is harmless. */
function combined(errors: readonly unknown[]): Error {
  const [first, ...rest] = errors
  if (first instanceof Error && rest.length === 0) return first
  const cause = new AggregateError(errors)
  const message = errors.map((error) => (error instanceof Error ? error.message : String(error))).join('; ')
  if (errors.every((error) => error instanceof PermanentError)) return new PermanentError(message, { cause })
  const delays = errors.map((error) => (error instanceof RetryableError ? (error.retryAfterMs ?? 0) : 0))
  return new RetryableError(message, { cause, retryAfterMs: Math.max(...delays) })
}
