import { ITEMS, itemCount, type Batch, type Signal } from '../batch.js'
import type { SpanContext } from '@opentelemetry/api'
import type { Host, PipelineContext } from '../component.js'
import { PartialError, PermanentError, RetryableError } from '../errors.js'
import { decodeBatch, encodeBatch } from '../otlp/batch-codec.js'
import { exporterCounters, words } from '../telemetry/observed.js'
import type { SendingConfig } from './config.js'
import type { Journal } from './journal.js'
import { asJournalStorage } from './journal-storage.js'
import { retrying } from './retry.js'
import type { Traces } from '../traces.js'

/**
 * Sends one batch, once.
 *
 * @returns How many of its items the destination refused for good; nothing means none.
 * @throws PermanentError, PartialError for what is left, or anything else when a retry makes sense.
 */
export type Push<Data extends Batch = Traces> = (batch: Data, signal: AbortSignal) => Promise<number | void>

export interface SendingQueue<Data extends Batch> {
  start(host: Host): Promise<void>
  /** Settles when the batch is queued, or, without a queue, when it is sent. */
  send(batch: Data): Promise<void>
  /** One last attempt for each batch; past `giveUp`, what is left is dropped, or kept in the journal. */
  stop(giveUp?: AbortSignal): Promise<void>
}

/** What is queued, and, when it is on disk as well, how to forget it there. */
interface Entry<Data> {
  readonly batch: Data
  readonly forget?: () => void
  /** The span in which it came. */
  readonly origin?: SpanContext | undefined
}

/** The queue of one exporter for one signal. */
export function createQueue<Data extends Batch>(
  signal: Signal,
  push: Push<Data>,
  config: SendingConfig,
  context: PipelineContext,
): SendingQueue<Data> {
  const { sending_queue: queueConfig, retry_on_failure: retry } = config
  const { logger, reportProblem, tracing } = context
  const place = { kind: 'exporter', id: context.id } as const
  const figures = queueFigures(signal, context, queueConfig.queue_size, () => queue.length)
  const stopping = new AbortController()
  const givenUp = new AbortController()
  const queue: Entry<Data>[] = []
  const sending = new Set<Promise<void>>()
  /** On their way into the journal, and so into the queue. */
  let entering = 0
  let journal: Journal | undefined

  /** @throws What the last attempt for the rest of the batch met. */
  async function deliver(whole: Data, onRest: (rest: Data) => void): Promise<void> {
    let batch = whole
    const attempt = async (): Promise<void> => {
      const items = itemCount(batch)
      const limit = AbortSignal.any([AbortSignal.timeout(config.timeout), givenUp.signal])
      try {
        const rejected = Math.min(items, (await push(batch, limit)) ?? 0)
        figures.settle(items - rejected, rejected)
      } catch (error) {
        if (error instanceof PartialError) {
          batch = error.rest as Data
          onRest(batch)
          figures.settle(items - itemCount(batch) - error.rejected, error.rejected)
        }
        throw error
      }
    }
    await retrying(attempt, retry, stopping.signal, (error, waitMs) => {
      report(`cannot send: ${messageOf(error)}`)
      logger.warn({ reason: messageOf(error), retryInMs: Math.round(waitMs) }, 'sending failed, will try again')
    })
    reportProblem(undefined)
  }

  /** Without room to wait in, what cannot be sent is turned away. */
  function report(problem: string): void {
    const full = queue.length + entering >= queueConfig.queue_size
    reportProblem(problem, full || !queueConfig.enabled ? 'refusing' : 'degraded')
  }

  async function sendNow(batch: Data): Promise<void> {
    figures.enter(itemCount(batch))
    let rest = batch
    try {
      await tracing.around(place, batch, () => deliver(batch, (left) => (rest = left)))
    } catch (error) {
      figures.settle(0, itemCount(rest))
      throw error
    }
  }

  async function sendQueued({ batch, forget, origin }: Entry<Data>): Promise<void> {
    let rest = batch
    try {
      await tracing.around(place, batch, () => deliver(batch, (left) => (rest = left)), { origin })
      forget?.()
    } catch (error) {
      const items = itemCount(rest)
      // At a stop the journal keeps what could not be sent; otherwise it has been given up.
      const kept = stopping.signal.aborted && forget !== undefined && !(error instanceof PermanentError)
      if (!kept) {
        forget?.()
        if (givenUp.signal.aborted) figures.drop(items)
        else figures.settle(0, items)
      }
      logger.error({ reason: messageOf(error), items }, kept ? 'not sent, kept for the next start' : 'dropped')
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

  async function enqueue(batch: Data): Promise<void> {
    const items = itemCount(batch)
    if (queue.length + entering >= queueConfig.queue_size) {
      figures.refuse(items)
      report('the sending queue is full')
      throw new RetryableError(`the sending queue of ${context.id} is full`)
    }
    const origin = tracing.here()
    if (!journal) queue.push({ batch, origin })
    else {
      entering += 1
      try {
        const record = await journal.append(encodeBatch(batch))
        queue.push({ batch, origin, forget: () => record.done() })
      } catch (error) {
        figures.refuse(items)
        throw error
      } finally {
        entering -= 1
      }
    }
    figures.enter(items)
    dispatch()
  }

  async function openJournal(host: Host, storage: string): Promise<void> {
    const name = signal === 'traces' ? `exporter-${context.id}` : `exporter-${context.id}-${signal}`
    const opened = await asJournalStorage(host.extension(storage), storage).open(name)
    for (const record of opened.recovered) {
      const batch = decodeBatch(signal, record.bytes) as Data
      figures.enter(itemCount(batch))
      queue.push({ batch, forget: () => record.done() })
    }
    if (opened.recovered.length > 0)
      logger.info({ batches: opened.recovered.length }, 'sending what was left from before')
    journal = opened.journal
  }

  /** The time is up. */
  function letGo(): void {
    const left = queue.splice(0)
    const dropped = left.filter(({ forget }) => forget === undefined)
    if (dropped.length > 0) {
      figures.drop(itemsIn(dropped))
      logger.error({ batches: dropped.length, items: itemsIn(dropped) }, 'dropped: the time to stop was up')
    }
    const kept = left.filter(({ forget }) => forget !== undefined)
    if (kept.length > 0)
      logger.warn({ batches: kept.length, items: itemsIn(kept) }, 'not sent, kept for the next start')
    givenUp.abort()
  }

  return {
    async start(host) {
      if (queueConfig.enabled && queueConfig.storage !== undefined) await openJournal(host, queueConfig.storage)
      for (let started = 0; started < queueConfig.num_consumers; started += 1) dispatch()
    },
    send: (batch) => (queueConfig.enabled ? enqueue(batch) : sendNow(batch)),
    async stop(giveUp) {
      if (giveUp?.aborted) letGo()
      giveUp?.addEventListener('abort', letGo)
      // From here on every batch gets one last attempt, without waiting between.
      stopping.abort()
      for (let started = sending.size; started < queueConfig.num_consumers; started += 1) dispatch()
      while (sending.size > 0) await Promise.all(sending)
      giveUp?.removeEventListener('abort', letGo)
    },
  }
}

/**
 * At all times, what came in is sent, failed, dropped, refused or pending; `kept` in a journal at a
 * stop is pending.
 */
function queueFigures(signal: Signal, { metrics }: PipelineContext, capacity: number, size: () => number) {
  const items = ITEMS[signal]
  const labels = { data_type: signal }
  const { sent, failed } = exporterCounters(metrics, signal)
  const refused = metrics.counter(
    `otelcol_exporter_enqueue_failed_${items}`,
    `${words(items)} that the queue had no room for`,
  )
  const dropped = metrics.counter(
    `otelcol_exporter_dropped_${items}`,
    `${words(items)} that were left when the time to stop was up`,
  )
  let pending = 0
  metrics.gauge(`otelcol_exporter_pending_${items}`, `${words(items)} queued and on their way`, () => pending)
  metrics.gauge('otelcol_exporter_queue_size', 'Batches in the sending queue', size, labels)
  metrics.gauge('otelcol_exporter_queue_capacity', 'Batches that the sending queue holds', () => capacity, labels)
  return {
    enter: (count: number): void => void (pending += count),
    settle(good: number, bad: number): void {
      sent.add(good)
      failed.add(bad)
      pending -= good + bad
    },
    drop(count: number): void {
      dropped.add(count)
      pending -= count
    },
    refuse: (count: number): void => refused.add(count),
  }
}

function itemsIn(entries: readonly Entry<Batch>[]): number {
  return entries.reduce((sum, { batch }) => sum + itemCount(batch), 0)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
