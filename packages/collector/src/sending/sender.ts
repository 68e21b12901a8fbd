import type { ComponentContext, Exporter, Host } from '../component.js'
import { PermanentError, RetryableError } from '../errors.js'
import { decodeTraces } from '../otlp/decode-traces.js'
import { encodeTraces } from '../otlp/encode-traces.js'
import { exporterCounters } from '../telemetry/observed.js'
import { spanCount, type Traces } from '../traces.js'
import type { SendingConfig } from './config.js'
import type { Journal } from './journal.js'
import { asJournalStorage } from './journal-storage.js'
import { retrying } from './retry.js'

/** Sends one batch, once. Rejects with a PermanentError, or with anything else when a retry makes sense. */
export type Push = (traces: Traces, signal: AbortSignal) => Promise<void>

/** What is queued, and, when it is on disk as well, how to forget it there. */
interface Entry {
  readonly traces: Traces
  readonly spans: number
  readonly forget?: () => void
}

/**
 * Everything an exporter needs around "push this batch": a bounded queue with several consumers,
 * retries with backoff, a time limit for each attempt, counters, a flush at the end and, with
 * `storage`, a journal that outlives the process.
 */
export function createSender(push: Push, config: SendingConfig, context: ComponentContext): Exporter {
  const { sending_queue: queueConfig, retry_on_failure: retry } = config
  const { logger, metrics, reportProblem } = context
  const counters = exporterCounters(metrics)
  const refused = metrics.counter('otelcol_exporter_enqueue_failed_spans', 'Spans that the queue had no room for')
  const stop = new AbortController()
  const queue: Entry[] = []
  const sending = new Set<Promise<void>>()
  let journal: Journal | undefined

  async function send({ traces, spans }: Omit<Entry, 'forget'>): Promise<void> {
    try {
      await retrying(
        () => push(traces, AbortSignal.timeout(config.timeout)),
        retry,
        stop.signal,
        (error, waitMs) => {
          reportProblem(`cannot send: ${messageOf(error)}`)
          logger.warn({ reason: messageOf(error), retryInMs: Math.round(waitMs) }, 'sending failed, will try again')
        },
      )
      counters.sent.add(spans)
      reportProblem(undefined)
    } catch (error) {
      counters.failed.add(spans)
      throw error
    }
  }

  async function sendQueued(entry: Entry): Promise<void> {
    try {
      await send(entry)
      entry.forget?.()
    } catch (error) {
      // At a stop the journal keeps what could not be sent; otherwise it has been given up.
      const kept = stop.signal.aborted && entry.forget !== undefined && !(error instanceof PermanentError)
      if (!kept) entry.forget?.()
      logger.error(
        { reason: messageOf(error), spans: entry.spans },
        kept ? 'not sent, kept for the next start' : 'spans dropped',
      )
    }
  }

  /** One of the consumers: sends until the queue is empty. */
  async function consume(): Promise<void> {
    for (let entry = queue.shift(); entry; entry = queue.shift()) await sendQueued(entry)
  }

  function dispatch(): void {
    if (queue.length === 0 || sending.size >= queueConfig.num_consumers) return
    const done: Promise<void> = consume().finally(() => sending.delete(done))
    sending.add(done)
  }

  async function enqueue(traces: Traces): Promise<void> {
    const spans = spanCount(traces)
    if (queue.length >= queueConfig.queue_size) {
      refused.add(spans)
      throw new RetryableError(`the sending queue of ${context.id} is full`)
    }
    if (!journal) queue.push({ traces, spans })
    else {
      const record = await journal.append(encodeTraces(traces))
      queue.push({ traces, spans, forget: () => record.done() })
    }
    dispatch()
  }

  async function openJournal(host: Host, storage: string): Promise<void> {
    const opened = await asJournalStorage(host.extension(storage), storage).open(`exporter-${context.id}`)
    for (const record of opened.recovered) {
      const traces = decodeTraces(record.bytes)
      queue.push({ traces, spans: spanCount(traces), forget: () => record.done() })
    }
    if (opened.recovered.length > 0)
      logger.info({ batches: opened.recovered.length }, 'sending what was left from before')
    journal = opened.journal
  }

  metrics.gauge('otelcol_exporter_queue_size', 'Batches in the sending queue', () => queue.length)
  metrics.gauge('otelcol_exporter_queue_capacity', 'Batches that the sending queue holds', () => queueConfig.queue_size)

  return {
    countsItself: true,
    async start(host) {
      if (queueConfig.enabled && queueConfig.storage !== undefined) await openJournal(host, queueConfig.storage)
      for (let started = 0; started < queueConfig.num_consumers; started += 1) dispatch()
    },
    consumeTraces: (traces) => (queueConfig.enabled ? enqueue(traces) : send({ traces, spans: spanCount(traces) })),
    async shutdown() {
      // From here on every batch gets one last attempt, without waiting between.
      stop.abort()
      dispatch()
      while (sending.size > 0) await Promise.all(sending)
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
