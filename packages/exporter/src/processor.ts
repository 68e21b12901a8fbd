import { ATTR_MCP_METHOD_NAME, ATTR_MCPCAT_EVENT_TYPE, getSpanContent } from '@mcpcat/semconv'
import { type Context, trace, TraceFlags } from '@opentelemetry/api'
import { type ContentSnapshot, snapshotContent } from './content-snapshot.js'
import { diagnostics } from './diagnostics.js'
import { DropLog } from './drop-log.js'
import type { DetailedExporter, DetailedExportResult, PendingRequest } from './export-outcome.js'
import { Fifo } from './fifo.js'
import { type DropReason, Ledger, type ProcessorStats } from './ledger.js'
import { Pace, runNow } from './pace.js'
import { reportMetrics } from './processor-metrics.js'
import {
  type McpcatSpanProcessorOptions,
  resolveProcessorOptions,
  type ResolvedProcessorOptions,
} from './processor-options.js'
import { SpanRedaction } from './span-redaction.js'
import type { ReadableSpanLike, SpanExporterLike, SpanProcessorLike } from './span-types.js'
import { withoutTracing } from './suppress-tracing.js'
import { settledWithin } from './time-limit.js'

/** A span that waits, as it was when it ended. */
interface Waiting {
  span: ReadableSpanLike
  content: ContentSnapshot | undefined
  bytes: number
}

/** Charged for a span beside its content. */
const SPAN_BYTES = 1536

/**
 * Takes MCP spans from any TracerProvider, adds the content that the instrumentation keeps beside
 * them, redacts, and hands them in batches to an exporter. Works on copies: the spans that other
 * processors see stay lean. `onEnd` does no more than remember; everything else happens in slices
 * between the host's own turns of the event loop.
 *
 * No timer and no socket of it keeps the process alive: whoever ends the process awaits
 * `forceFlush` or `shutdown` (`@mcpcat/register` does).
 *
 * @example
 * new NodeTracerProvider({
 *   spanProcessors: [new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint: 'http://127.0.0.1:4318' }))],
 * })
 */
export class McpcatSpanProcessor implements SpanProcessorLike {
  readonly #exporter: DetailedExporter
  readonly #options: ResolvedProcessorOptions
  readonly #redaction: SpanRedaction
  readonly #ledger = new Ledger()
  readonly #dropLog = new DropLog()
  readonly #pace: Pace
  readonly #queue = new Fifo<Waiting>()
  readonly #inFlight = new Set<Promise<void>>()
  readonly #below = new WeakSet<object>()
  /** Redacted, and not yet handed to the exporter. */
  #gathering: ReadableSpanLike[] = []
  /** Being redacted. */
  #preparing: Waiting | undefined
  /** Spans at the front of the queue that leave without waiting for more. */
  #due = 0
  #timer: NodeJS.Timeout | undefined
  #pumping: Promise<void> | undefined
  #stopped: Promise<void> | undefined
  #stopMetrics: (() => void) | undefined
  /** Once true, results that still come in are no longer counted: everything has been. */
  #closed = false

  constructor(exporter: SpanExporterLike, options: McpcatSpanProcessorOptions = {}) {
    this.#exporter = exporter
    this.#options = resolveProcessorOptions(options)
    this.#pace = new Pace(this.#options.sliceMillis, () => this.#ledger.queued / this.#options.maxQueueSize)
    this.#redaction = new SpanRedaction(this.#options, (error) => {
      this.#ledger.hookFailures += 1
      this.#dropLog.report('values (hook failed)', 1, messageOf(error))
    })
  }

  onStart(span: object, parentContext: Context): void {
    if (!this.#options.includeChildSpans) return
    const parent = trace.getSpan(parentContext)
    if (parent && (this.#below.has(parent) || isMcpSpan(parent))) this.#below.add(span)
  }

  onEnd(span: ReadableSpanLike): void {
    if (!isMcpSpan(span) && !this.#below.has(span)) return
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return
    this.#stopMetrics ??= this.#reportMetrics()
    if (this.#stopped) return this.#refuse('shutdown')
    if (this.#ledger.queued >= this.#options.maxQueueSize) return this.#refuse('queue_full')
    const known = this.#options.content === 'none' ? undefined : getSpanContent(span)
    const content = known && snapshotContent(known)
    const bytes = SPAN_BYTES + (content?.bytes ?? 0)
    if (this.#ledger.queuedBytes + bytes > this.#options.maxQueueBytes) return this.#refuse('queue_bytes')
    this.#ledger.take(bytes)
    this.#queue.push({ span, content, bytes })
    if (this.#queue.length >= this.#options.maxExportBatchSize) void this.#wake()
    else this.#armTimer()
  }

  /** What became of the spans so far; `made` = `sent` + `spilled` + `dropped` + `queued`, at all times. */
  stats(): ProcessorStats {
    return this.#ledger.stats()
  }

  /**
   * Sends what has ended so far. Never rejects; what could not be delivered in time stays queued.
   *
   * @param timeoutMillis Default: the option `flushTimeoutMillis`.
   */
  async forceFlush(timeoutMillis: number = this.#options.flushTimeoutMillis): Promise<void> {
    this.#exporter.beginFlush?.()
    try {
      await settledWithin(this.#flush(), timeoutMillis)
    } finally {
      this.#exporter.endFlush?.()
    }
  }

  /**
   * Takes no more spans, sends what there is, and gives up what could not be sent in time, counted.
   * Never rejects.
   *
   * @param timeoutMillis Default: the option `shutdownTimeoutMillis`.
   */
  shutdown(timeoutMillis: number = this.#options.shutdownTimeoutMillis): Promise<void> {
    this.#stopped ??= this.#stop(timeoutMillis)
    return this.#stopped
  }

  /**
   * For the moment of exit, when nothing can be awaited: everything not yet acknowledged, as
   * requests for someone else to send. Hooks that answer with a promise drop their value. Takes no
   * more spans afterwards; empty with another exporter than `McpcatSpanExporter`.
   *
   * @param limitMillis How long it may take. Default 500.
   */
  takeOver(limitMillis: number = 500): PendingRequest[] {
    this.#stopped ??= Promise.resolve()
    if (!this.#exporter.takeOver) return []
    const until = performance.now() + limitMillis
    const copies: ReadableSpanLike[] = [...this.#gathering]
    const next = (): Waiting | undefined => this.#queue.shift()
    for (let waiting = this.#preparing ?? next(); waiting && performance.now() < until; waiting = next()) {
      const copy = runNow(this.#redaction.prepare(waiting.span, waiting.content))
      if (typeof copy === 'object') copies.push(copy)
    }
    return this.#exporter.takeOver(copies)
  }

  async #stop(timeoutMillis: number): Promise<void> {
    const until = performance.now() + timeoutMillis
    const left = (): number => Math.max(1, until - performance.now())
    // A part of the time is for the exporter to put away what it could not send.
    await this.forceFlush(timeoutMillis * 0.8)
    await settledWithin(this.#shutDownExporter(), left())
    await settledWithin(Promise.all(this.#inFlight), left())
    clearTimeout(this.#timer)
    this.#closed = true
    const lost = this.#ledger.queued
    if (lost > 0) this.#drop('shutdown', lost)
    this.#ledger.release(this.#ledger.queuedBytes)
    this.#dropLog.flush()
    this.#stopMetrics?.()
  }

  /** Once spans come, not before: the global meter provider may be set later than the processor is made. */
  #reportMetrics(): () => void {
    const { maxQueueSize, meterProvider } = this.#options
    try {
      return reportMetrics(() => this.stats(), maxQueueSize, meterProvider)
    } catch (error) {
      diagnostics.warn('@mcpcat/exporter: its counters cannot be reported as metrics', error)
      return () => undefined
    }
  }

  async #shutDownExporter(): Promise<void> {
    await this.#exporter.shutdown()
  }

  async #flush(): Promise<void> {
    // What comes in meanwhile is not waited for.
    this.#due = this.#queue.length
    while (this.#due > 0 && !this.#closed) await this.#wake()
    const before = [...this.#inFlight]
    await Promise.all([...before, this.#exporter.forceFlush?.()])
  }

  #armTimer(): void {
    if (this.#timer || this.#pumping) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#due = this.#queue.length
      void this.#wake()
    }, this.#options.scheduledDelayMillis)
    this.#timer.unref()
  }

  #wake(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#pumping ??= this.#pump()
      .catch((error: unknown) => diagnostics.error('@mcpcat/exporter: a batch could not be made', error))
      .finally(() => {
        this.#pumping = undefined
        if (this.#queue.length > 0 && !this.#closed) this.#armTimer()
      })
    return this.#pumping
  }

  async #pump(): Promise<void> {
    await this.#pace.rest()
    while (!this.#closed && (this.#due > 0 || this.#queue.length >= this.#options.maxExportBatchSize)) {
      if (this.#inFlight.size >= this.#options.maxConcurrentExports) {
        await Promise.race(this.#inFlight)
        continue
      }
      await this.#exportBatch()
    }
  }

  async #exportBatch(): Promise<void> {
    const { maxExportBatchSize, maxExportBatchBytes } = this.#options
    const copies: ReadableSpanLike[] = (this.#gathering = [])
    let charged = 0
    let size = 0
    while (copies.length < maxExportBatchSize && size < maxExportBatchBytes) {
      const waiting = this.#queue.shift()
      if (!waiting) break
      this.#due = Math.max(0, this.#due - 1)
      const copy = await this.#prepare(waiting)
      if (this.#closed) return
      if (typeof copy === 'string') {
        this.#ledger.release(waiting.bytes)
        this.#drop(copy, 1)
        continue
      }
      copies.push(copy)
      charged += waiting.bytes
      size += sizeOf(copy)
    }
    this.#gathering = []
    if (copies.length === 0) return
    const delivery = this.#deliver(copies, charged)
    this.#inFlight.add(delivery)
    void delivery.then(() => this.#inFlight.delete(delivery))
  }

  async #prepare(waiting: Waiting): Promise<ReadableSpanLike | DropReason> {
    try {
      this.#preparing = waiting
      return await this.#pace.run(this.#redaction.prepare(waiting.span, waiting.content))
    } catch (error) {
      diagnostics.error('@mcpcat/exporter: a span could not be redacted and was dropped', messageOf(error))
      return 'hook_failed'
    } finally {
      this.#preparing = undefined
    }
  }

  #deliver(copies: ReadableSpanLike[], charged: number): Promise<void> {
    return new Promise((resolve) => {
      let isSettled = false
      const settle = (result: DetailedExportResult): void => {
        if (isSettled) return
        isSettled = true
        this.#account(copies.length, charged, result)
        resolve()
      }
      try {
        withoutTracing(() => this.#exporter.export(copies, settle))
      } catch (error) {
        settle({ code: 1, error: error instanceof Error ? error : new Error(String(error)) })
      }
    })
  }

  #account(spans: number, charged: number, { code, error, outcome }: DetailedExportResult): void {
    if (this.#closed) return
    this.#ledger.release(charged)
    if (!outcome) {
      if (code === 0) this.#ledger.send(spans)
      else this.#drop('export_failed', spans, messageOf(error))
      return
    }
    this.#ledger.send(outcome.sent)
    this.#ledger.spill(outcome.spilled)
    for (const reason of ['rejected', 'expired', 'shutdown'] as const) {
      if (outcome[reason] > 0) this.#drop(reason, outcome[reason], messageOf(error))
    }
  }

  #refuse(reason: DropReason): void {
    this.#ledger.refuse(reason)
    this.#dropLog.report(reason, 1)
  }

  #drop(reason: DropReason, spans: number, detail?: string): void {
    this.#ledger.drop(reason, spans)
    // What the user's own hook drops is no loss.
    if (reason !== 'redact_event') this.#dropLog.report(reason, spans, detail)
  }
}

function isMcpSpan(span: object): boolean {
  const { attributes } = span as Partial<ReadableSpanLike>
  return attributes !== undefined && (ATTR_MCP_METHOD_NAME in attributes || ATTR_MCPCAT_EVENT_TYPE in attributes)
}

/** Characters in the attributes that can be long. */
function sizeOf(copy: ReadableSpanLike): number {
  let size = 0
  for (const key in copy.attributes) {
    const value = copy.attributes[key]
    if (typeof value === 'string') size += value.length
  }
  return size
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message
  return typeof error === 'string' ? error : ''
}
