import type { Traces } from './traces.js'

/**
 * The whole data contract of a pipeline: take a batch, settle when it is done with.
 *
 * Resolving means that the consumer has taken responsibility (for the store: the rows are on
 * disk). Rejecting means that it has not: with a {@link PermanentError} the same batch would be
 * refused again, with anything else the sender may retry.
 */
export interface TracesConsumer {
  /** True when the consumer changes the batches it is given; a fan-out then gives it a copy. */
  readonly mutatesData?: boolean
  consumeTraces(traces: Traces): Promise<void>
}
