import type { Batch } from '../batch.js'
import type { Exporter, PipelineContext } from '../component.js'
import type { SendingConfig } from './config.js'
import { createQueue, type Push, type SendingQueue } from './queue.js'

/**
 * Everything an exporter of traces needs around "push this batch": a bounded queue with several
 * consumers, retries with backoff, a time limit for each attempt, counters, a flush at the end and,
 * with `storage`, a journal that outlives the process.
 */
export function createSender(push: Push, config: SendingConfig, context: PipelineContext): Exporter {
  const queue = createQueue('traces', push, config, context)
  return {
    countsItself: true,
    start: (host) => queue.start(host),
    consumeTraces: (traces) => queue.send(traces),
    shutdown: (giveUp) => queue.stop(giveUp),
  }
}

/** The same for every signal, each with a queue of its own, as in otelcol. */
export function createSignalSender(push: Push<Batch>, config: SendingConfig, context: PipelineContext): Exporter {
  const queues = new Map(context.signals.map((signal) => [signal, createQueue(signal, push, config, context)]))
  const each = async (act: (queue: SendingQueue<Batch>) => Promise<void>): Promise<void> => {
    await Promise.all([...queues.values()].map(act))
  }
  return {
    countsItself: true,
    start: (host) => each((queue) => queue.start(host)),
    consumeTraces: (traces) => queues.get('traces')!.send(traces),
    consumePayload: (payload) => queues.get(payload.signal)!.send(payload),
    shutdown: (giveUp) => each((queue) => queue.stop(giveUp)),
  }
}
