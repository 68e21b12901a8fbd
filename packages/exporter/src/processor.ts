import {
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCPCAT_EVENT_TYPE,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESPONSE,
  getSpanContent,
} from '@mcpcat/semconv'
import type { Attributes, Context } from '@opentelemetry/api'
import type { ReadableSpanLike, SpanExporterLike, SpanProcessorLike } from './span-types.js'

export interface McpcatSpanProcessorOptions {
  /** Spans held at most; more are dropped and counted. Default 10,000. */
  maxQueueSize?: number
  /** Spans per request at most. Default 512. */
  maxExportBatchSize?: number
  /** How long a span waits for others at most, in milliseconds. Default 1,000. */
  scheduledDelayMillis?: number
}

export interface ProcessorStats {
  /** MCP spans that ended. */
  made: number
  sent: number
  dropped: number
  /** Waiting or on their way. `made` = `sent` + `dropped` + `queued`, at all times. */
  queued: number
}

/** Takes MCP spans, with the content kept beside them, and hands them in batches to an exporter. */
export class McpcatSpanProcessor implements SpanProcessorLike {
  readonly #exporter: SpanExporterLike
  readonly #maxQueueSize: number
  readonly #maxBatchSize: number
  readonly #delayMillis: number
  #queue: ReadableSpanLike[] = []
  #inFlight = 0
  #made = 0
  #sent = 0
  #dropped = 0
  #timer: NodeJS.Timeout | undefined
  #draining: Promise<void> | undefined
  #stopped = false

  constructor(exporter: SpanExporterLike, options: McpcatSpanProcessorOptions = {}) {
    this.#exporter = exporter
    this.#maxQueueSize = options.maxQueueSize ?? 10_000
    this.#maxBatchSize = options.maxExportBatchSize ?? 512
    this.#delayMillis = options.scheduledDelayMillis ?? 1000
  }

  onStart(_span: object, _parentContext: Context): void {}

  onEnd(span: ReadableSpanLike): void {
    if (!(ATTR_MCP_METHOD_NAME in span.attributes) && !(ATTR_MCPCAT_EVENT_TYPE in span.attributes)) return
    this.#made += 1
    if (this.#stopped || this.#queue.length + this.#inFlight >= this.#maxQueueSize) {
      this.#dropped += 1
      return
    }
    this.#queue.push(span)
    if (this.#queue.length >= this.#maxBatchSize) void this.#drain()
    else this.#timer ??= setTimeout(() => void this.#drain(), this.#delayMillis).unref()
  }

  stats(): ProcessorStats {
    const queued = this.#queue.length + this.#inFlight
    return { made: this.#made, sent: this.#sent, dropped: this.#dropped, queued }
  }

  async forceFlush(_timeoutMillis?: number): Promise<void> {
    await this.#drain()
    await this.#exporter.forceFlush?.()
  }

  async shutdown(_timeoutMillis?: number): Promise<void> {
    this.#stopped = true
    await this.#drain()
    await this.#exporter.shutdown()
  }

  #drain(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#draining ??= this.#exportAll().finally(() => (this.#draining = undefined))
    return this.#draining
  }

  async #exportAll(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.#maxBatchSize)
      this.#inFlight = batch.length
      const delivered = await new Promise<boolean>((resolve) => {
        this.#exporter.export(batch.map(withContent), (result) => resolve(result.code === 0))
      })
      this.#inFlight = 0
      if (delivered) this.#sent += batch.length
      else this.#dropped += batch.length
    }
  }
}

function withContent(span: ReadableSpanLike): ReadableSpanLike {
  const content = getSpanContent(span)
  const attributes: Attributes = { ...span.attributes }
  const isToolCall = attributes[ATTR_MCP_METHOD_NAME] === 'tools/call'
  if (content?.request !== undefined) {
    const params = content.request as { arguments?: unknown }
    if (isToolCall) attributes[ATTR_GEN_AI_TOOL_CALL_ARGUMENTS] = JSON.stringify(params.arguments ?? {})
    else attributes[ATTR_MCPCAT_REQUEST] = JSON.stringify(content.request)
  }
  if (content?.response !== undefined) {
    const key = isToolCall ? ATTR_GEN_AI_TOOL_CALL_RESULT : ATTR_MCPCAT_RESPONSE
    attributes[key] = JSON.stringify(content.response)
  }
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => span.spanContext(),
    parentSpanContext: span.parentSpanContext,
    startTime: span.startTime,
    endTime: span.endTime,
    status: span.status,
    attributes,
    links: span.links,
    events: span.events,
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  }
}
