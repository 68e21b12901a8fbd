import { diagnostics } from './diagnostics.js'

const INTERVAL_MILLIS = 30_000

/**
 * Says on OpenTelemetry's diagnostics what was lost, at most once in 30 s, with everything that
 * came in between summed up. Never on stdout, which belongs to the MCP transport.
 */
export class DropLog {
  readonly #counts = new Map<string, number>()
  #detail = ''
  #last = Number.NEGATIVE_INFINITY

  report(reason: string, count: number, detail?: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count)
    if (detail) this.#detail = detail
    const now = performance.now()
    if (now - this.#last < INTERVAL_MILLIS) return
    this.#last = now
    this.flush()
  }

  /** Says what has not been said yet. */
  flush(): void {
    if (this.#counts.size === 0) return
    const counts = [...this.#counts].map(([reason, count]) => `${count} ${reason}`).join(', ')
    diagnostics.warn(`@mcpcat/exporter: not delivered: ${counts}${this.#detail ? ` (${this.#detail})` : ''}`)
    this.#counts.clear()
    this.#detail = ''
  }
}
