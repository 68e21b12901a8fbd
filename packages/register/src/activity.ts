import { SpanKind } from '@opentelemetry/api'
import { ATTR_NETWORK_TRANSPORT } from '@mcpcat/semconv'
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base'

/** Watches the spans go by: whether there is something new to flush, and whether this is a stdio server. */
export class Activity implements SpanProcessor {
  #ended = 0
  #flushed = 0
  #onStdioServer: (() => void) | undefined

  /** `onStdioServer` is called once, when the first request has come through stdio. */
  constructor(onStdioServer: () => void) {
    this.#onStdioServer = onStdioServer
  }

  onStart(span: Span): void {
    if (!this.#onStdioServer) return
    if (span.kind !== SpanKind.SERVER || span.attributes[ATTR_NETWORK_TRANSPORT] !== 'pipe') return
    this.#onStdioServer()
    this.#onStdioServer = undefined
  }

  onEnd(_span: ReadableSpan): void {
    this.#ended += 1
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
