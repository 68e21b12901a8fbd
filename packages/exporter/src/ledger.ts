/** Why a span did not arrive. */
export const DROP_REASONS = [
  /** `maxQueueSize` spans were waiting. */
  'queue_full',
  /** `maxQueueBytes` were waiting. */
  'queue_bytes',
  /** The span ended after `shutdown`, or could not be sent before shutdown's time was up. */
  'shutdown',
  /** `redactEvent` said so. */
  'redact_event',
  /** `redactEvent` threw, or did not answer in time. */
  'hook_failed',
  /** The receiver refused it for good, or refused it in a partial success. */
  'rejected',
  /** The receiver could not be reached, or asked to wait, for longer than `maxAgeMillis`. */
  'expired',
  /** Another exporter than ours reported a failure, or never answered. */
  'export_failed',
] as const

export type DropReason = (typeof DROP_REASONS)[number]

export interface ProcessorStats {
  /** MCP spans that ended. `made` = `sent` + `spilled` + `dropped` + `queued`, at all times. */
  made: number
  /** Delivered, and acknowledged by the receiver. */
  sent: number
  /** Written to disk, to be delivered from there: see the exporter's `stats()`. */
  spilled: number
  /** Lost, in total. */
  dropped: number
  /** Lost, by reason; reasons that never occurred are absent. */
  droppedBy: Partial<Record<DropReason, number>>
  /** Waiting or on their way. */
  queued: number
  /** What is queued takes in memory, roughly. */
  queuedBytes: number
  /** Times a hook of the user's threw or timed out; the value it should have redacted was dropped. */
  hookFailures: number
}

/** Every span counted exactly once: on its way in, and on its way out. */
export class Ledger {
  #made = 0
  #sent = 0
  #spilled = 0
  #dropped = 0
  #queuedBytes = 0
  readonly #droppedBy = new Map<DropReason, number>()
  hookFailures = 0

  get queued(): number {
    return this.#made - this.#sent - this.#spilled - this.#dropped
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  /** A span that ended, taken in. */
  take(bytes: number): void {
    this.#made += 1
    this.#queuedBytes += bytes
  }

  /** A span that ended, turned away. */
  refuse(reason: DropReason): void {
    this.#made += 1
    this.#count(reason, 1)
  }

  release(bytes: number): void {
    this.#queuedBytes -= bytes
  }

  send(spans: number): void {
    this.#sent += spans
  }

  spill(spans: number): void {
    this.#spilled += spans
  }

  drop(reason: DropReason, spans: number): void {
    this.#count(reason, spans)
  }

  stats(): ProcessorStats {
    return {
      made: this.#made,
      sent: this.#sent,
      spilled: this.#spilled,
      dropped: this.#dropped,
      droppedBy: Object.fromEntries(this.#droppedBy),
      queued: this.queued,
      queuedBytes: this.#queuedBytes,
      hookFailures: this.hookFailures,
    }
  }

  #count(reason: DropReason, spans: number): void {
    if (spans <= 0) return
    this.#dropped += spans
    this.#droppedBy.set(reason, (this.#droppedBy.get(reason) ?? 0) + spans)
  }
}
