import type { Batch, Payload } from './batch.js'
import type { Traces } from './traces.js'

/**
 * The whole data contract of a pipeline: take a batch, settle when it is done with.
 *
 * Resolving means that the consumer has taken responsibility (for the store: the rows are on
 * disk). Rejecting means that it has not: with a {@link PermanentError} the same batch would be
 * refused again, with anything else the sender may retry.
 */
export interface TracesConsumer extends Traits {
  consumeTraces(traces: Traces): Promise<void>
}

/** What a consumer does with its batches, for those who give it some. */
export interface Traits {
  /** True when the consumer changes the batches it is given; a fan-out then gives it a copy. */
  readonly mutatesData?: boolean
  /**
   * True when the consumer takes the spans out of the batches it is given, so that nobody holds them
   * until it is done; a fan-out then gives it lists of its own.
   */
  readonly takesSpans?: boolean
  /**
   * True when the consumer holds nothing of a batch that it has settled, nor of its spans: the memory that they are in
   * is then used for what comes next. What it hands on to others is not its concern.
   */
  readonly holdsNothing?: boolean
}

export function traitsOf({ mutatesData = false, takesSpans = false, holdsNothing = false }: Traits): Required<Traits> {
  return { mutatesData, takesSpans, holdsNothing }
}

/** Of a consumer that hands on to another one. */
export function traitsThrough(consumer: Traits, next: Traits): Required<Traits> {
  const own = traitsOf(consumer)
  const others = traitsOf(next)
  return {
    mutatesData: own.mutatesData || others.mutatesData,
    takesSpans: own.takesSpans || others.takesSpans,
    holdsNothing: own.holdsNothing && others.holdsNothing,
  }
}

/** The same for metrics and logs, which nobody looks into. */
export interface PayloadConsumer {
  consumePayload(payload: Payload): Promise<void>
}

/** Takes every signal. What a component is given to hand on to is one; what a pipeline does not carry never comes. */
export type Consumer = TracesConsumer & PayloadConsumer

/** A consumer that does the same with every batch, whatever its signal, around handing it on. */
export function around(next: Consumer, wrap: (batch: Batch, handOn: () => Promise<void>) => Promise<void>): Consumer {
  return {
    ...traitsOf(next),
    consumeTraces: (traces) => wrap(traces, () => next.consumeTraces(traces)),
    consumePayload: (payload) => wrap(payload, () => next.consumePayload(payload)),
  }
}
