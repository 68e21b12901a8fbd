import { ATTR_MCPCAT_PROJECT_ID, ATTR_MCPCAT_SDK_LANGUAGE, ATTR_MCPCAT_SDK_VERSION } from '@mcpcat/semconv'
import { HttpClient } from './delivery/http-client.js'
import { type Fate, Sender } from './delivery/sender.js'
import { Spill, type SpillStats } from './delivery/spill.js'
import { SpillDrain } from './delivery/spill-drain.js'
import { diagnostics } from './diagnostics.js'
import type { DetailedExporter, DetailedExportResult, ExportOutcome, PendingRequest } from './export-outcome.js'
import {
  type McpcatSpanExporterOptions,
  resolveExporterOptions,
  type ResolvedExporterOptions,
} from './exporter-options.js'
import { eventsProtocol } from './protocols/events.js'
import { otlpProtocol } from './protocols/otlp.js'
import type { Parcel, Protocol } from './protocols/protocol.js'
import { copySpan } from './span-copy.js'
import type { ReadableSpanLike, ResourceLike } from './span-types.js'
import { SDK_VERSION } from './version.js'

/**
 * Sends spans to an MCPcat collector (OTLP/HTTP, protobuf, gzip) or to the hosted events API, and
 * repeats what may be repeated until it is delivered or too old. It does not redact: give it to a
 * `McpcatSpanProcessor`, which does.
 *
 * @example
 * new McpcatSpanExporter({ endpoint: 'http://127.0.0.1:4318', projectId: 'proj_123' })
 */
export class McpcatSpanExporter implements DetailedExporter {
  readonly #options: ResolvedExporterOptions
  readonly #protocol: Protocol
  readonly #client: HttpClient
  readonly #sender: Sender
  readonly #spill: Spill | undefined
  readonly #drain: SpillDrain | undefined
  readonly #inFlight = new Set<Promise<void>>()
  /** Taken over, and not yet made into requests. */
  readonly #packing = new Set<readonly ReadableSpanLike[]>()
  /** Not acknowledged yet. */
  readonly #pending = new Set<Parcel>()
  readonly #resources = new WeakMap<ResourceLike, ResourceLike>()
  #lastFailed = false
  #stopped = false

  constructor(options: McpcatSpanExporterOptions = {}) {
    this.#options = resolveExporterOptions(options)
    const { destination, headers, projectId, maxConcurrentRequests, spillDir } = this.#options
    this.#protocol =
      destination.protocol === 'otlp'
        ? otlpProtocol(destination.url, headers)
        : eventsProtocol(destination.url, headers, projectId)
    this.#client = new HttpClient({
      timeoutMillis: this.#options.timeoutMillis,
      maxSockets: maxConcurrentRequests,
      tls: this.#options.tls,
    })
    this.#sender = new Sender({
      initialMillis: this.#options.initialBackoffMillis,
      maxMillis: this.#options.maxBackoffMillis,
      maxAgeMillis: this.#options.maxAgeMillis,
      concurrency: maxConcurrentRequests,
    })
    if (spillDir === undefined) return
    this.#spill = new Spill({ dir: spillDir, maxBytes: this.#options.spillMaxBytes, url: this.#protocol.url.href })
    this.#drain = new SpillDrain(this.#spill, (parcel) => this.#send(parcel, 1), this.#options.maxBackoffMillis)
    this.#drain.wake()
  }

  export(spans: ReadableSpanLike[], resultCallback: (result: DetailedExportResult) => void): void {
    const delivery = this.#deliver(spans)
      .catch((error: unknown) => failure(spans.length, error))
      .then(resultCallback)
      .catch((error: unknown) => diagnostics.error('@mcpcat/exporter: the result callback threw', error))
      .finally(() => this.#inFlight.delete(delivery))
    this.#inFlight.add(delivery)
  }

  /** Waits for what is on its way. */
  async forceFlush(): Promise<void> {
    await Promise.all(this.#inFlight)
  }

  /** Somebody waits: until `endFlush`, attempts are made more often, and with `spillDir` what fails goes to disk at once. */
  beginFlush(): void {
    this.#sender.beginHurry()
  }

  endFlush(): void {
    this.#sender.endHurry()
  }

  /** Gives up what is on its way, to disk if there is a `spillDir`. Await `forceFlush` first to deliver it. */
  async shutdown(): Promise<void> {
    this.#stopped = true
    this.#sender.abort()
    await Promise.all([...this.#inFlight, this.#drain?.stop()])
    this.#client.close()
  }

  /** What is and was on disk, in spans; undefined without `spillDir`. */
  spillStats(): SpillStats | undefined {
    return this.#spill && { ...this.#spill.stats }
  }

  /**
   * For the moment of exit, when nothing can be awaited: these spans and everything not yet
   * acknowledged, as requests for someone else to send. With a `spillDir` and a receiver that does
   * not answer, they are on disk instead, and there is nothing to send.
   */
  takeOver(spans: readonly ReadableSpanLike[]): PendingRequest[] {
    const parcels = [...this.#pending]
    this.#pending.clear()
    const unpacked = [...this.#packing].flat().concat(this.#brandAll(spans))
    this.#packing.clear()
    if (unpacked.length > 0) parcels.push(...this.#protocol.packNow(unpacked))
    if (parcels.length === 0) return []
    if (this.#spill && this.#lastFailed) {
      this.#spill.addNow(parcels)
      return []
    }
    const { ca, cert, key } = this.#options.tls ?? {}
    const tls = Object.fromEntries(
      Object.entries({ ca, cert, key }).flatMap(([name, pem]) => (pem === undefined ? [] : [[name, String(pem)]])),
    )
    const { url, headers } = this.#protocol
    return parcels.map(({ body }) => ({ url: url.href, headers, body, tls }))
  }

  async #deliver(spans: readonly ReadableSpanLike[]): Promise<DetailedExportResult> {
    const outcome: ExportOutcome = { sent: 0, spilled: 0, rejected: 0, expired: 0, shutdown: 0 }
    if (this.#stopped) return { code: 1, outcome: { ...outcome, shutdown: spans.length } }
    const branded = this.#brandAll(spans)
    this.#packing.add(branded)
    const parcels = await this.#protocol.pack(branded).finally(() => this.#packing.delete(branded))
    const unsent: Parcel[] = []
    let error: Error | undefined
    await Promise.all(
      parcels.map(async (parcel) => {
        this.#pending.add(parcel)
        const fate = await this.#send(parcel, this.#spill && this.#options.spillAfterMillis)
        if (fate.kind !== 'sent') error = fate.error
        if (fate.kind !== 'sent' && fate.kind !== 'rejected' && this.#spill) unsent.push(parcel)
        else this.#pending.delete(parcel)
        count(outcome, fate, parcel, this.#spill !== undefined)
      }),
    )
    if (unsent.length > 0) await this.#putAway(unsent, outcome)
    const isComplete = outcome.sent === spans.length
    return { code: isComplete ? 0 : 1, outcome, ...(error && { error }) }
  }

  async #send(parcel: Parcel, patienceMillis?: number): Promise<Fate> {
    const { url, headers } = this.#protocol
    const fate = await this.#sender.send(async (signal) => {
      try {
        const answer = await this.#client.post(url, headers, parcel.body, signal)
        const rejected = this.#protocol.judge(answer, parcel)
        this.#lastFailed = false
        return rejected
      } catch (error) {
        this.#lastFailed = true
        throw error
      }
    }, patienceMillis)
    if (fate.kind === 'sent') this.#drain?.wake()
    return fate
  }

  async #putAway(parcels: readonly Parcel[], outcome: ExportOutcome): Promise<void> {
    const spans = parcels.reduce((sum, parcel) => sum + parcel.spans, 0)
    try {
      await this.#spill?.add(parcels)
      outcome.spilled += spans
    } catch (error) {
      diagnostics.error(`@mcpcat/exporter: ${spans} spans could not be written to ${this.#options.spillDir}`, error)
      outcome.expired += spans
    }
    for (const parcel of parcels) this.#pending.delete(parcel)
    this.#drain?.wake()
  }

  #brandAll(spans: readonly ReadableSpanLike[]): ReadableSpanLike[] {
    return spans.map((span) => copySpan(span, { resource: this.#brand(span.resource) }))
  }

  /** The resource with the project and the emitter on it; one object per resource, by which the serializer groups. */
  #brand(resource: ResourceLike): ResourceLike {
    let branded = this.#resources.get(resource)
    if (!branded) {
      const attributes = {
        ...resource.attributes,
        [ATTR_MCPCAT_SDK_LANGUAGE]: 'nodejs',
        [ATTR_MCPCAT_SDK_VERSION]: SDK_VERSION,
        ...(this.#options.projectId === undefined ? {} : { [ATTR_MCPCAT_PROJECT_ID]: this.#options.projectId }),
      }
      branded = { attributes, schemaUrl: resource.schemaUrl }
      this.#resources.set(resource, branded)
    }
    return branded
  }
}

function count(outcome: ExportOutcome, fate: Fate, parcel: Parcel, spills: boolean): void {
  switch (fate.kind) {
    case 'sent':
      outcome.rejected += fate.rejected
      outcome.sent += parcel.spans - fate.rejected
      break
    case 'rejected':
      outcome.rejected += parcel.spans
      break
    case 'expired':
    case 'shutdown':
      if (!spills) outcome[fate.kind] += parcel.spans
      break
    case 'unsent':
      break
  }
}

function failure(spans: number, error: unknown): DetailedExportResult {
  const outcome = { sent: 0, spilled: 0, rejected: spans, expired: 0, shutdown: 0 }
  return { code: 1, error: error instanceof Error ? error : new Error(String(error)), outcome }
}
