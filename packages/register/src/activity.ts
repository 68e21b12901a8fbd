import { SpanKind } from '@opentelemetry/api'
import { ATTR_NETWORK_TRANSPORT } from '@mcpcat/semconv'
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base'

export interface ActivityListeners {
  /** Called once, when the first request has come through stdio. */
  readonly onStdioServer: () => void
  /** Called with the name of each span that ends. */
  readonly onEnded?: (name: string) => void
}

/** Watches the spans go by: whether there is something new to flush, and whether this is a stdio server. */
export class Activity implements SpanProcessor {
  #ended = 0
  #flushed = 0
  #onStdioServer: (() => void) | undefined
  readonly #onEnded: ((name: string) => void) | undefined

  constructor({ onStdioServer, onEnded }: ActivityListeners) {
    this.#onStdioServer = onStdioServer
    this.#onEnded = onEnded
  }

  onStart(span: Span): void {
    if (!this.#onStdioServer) return
    if (span.kind !== SpanKind.SERVER || span.attributes[ATTR_NETWORK_TRANSPORT] !== 'pipe') return
    this.#onStdioServer()
    this.#onStdioServer = undefined
  }

  onEnd(span: ReadableSpan): void {
    this.#ended += 1
    this.#onEnded?.(span.name)
  }

  /** Whether spans ended since the last time that it was asked. */
  unflushed(): boolean {
    const since = this.#ended > this.#flushed
    this.#flushed = this.#ended
    return since
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}
