import { context, trace, metrics, propagation, SpanKind } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base'

/** A real provider, registered globally, whose spans a test can read. */
export interface Telemetry {
  readonly provider: BasicTracerProvider
  readonly exporter: InMemorySpanExporter
  spans(kind?: SpanKind): ReadableSpan[]
  server(method: string): ReadableSpan[]
  client(method: string): ReadableSpan[]
  stop(): void
}

export function startTelemetry(): Telemetry {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  const spans = (kind?: SpanKind): ReadableSpan[] =>
    exporter.getFinishedSpans().filter((span) => kind === undefined || span.kind === kind)
  const named = (kind: SpanKind, method: string): ReadableSpan[] =>
    spans(kind).filter((span) => span.attributes['mcp.method.name'] === method)
  return {
    provider,
    exporter,
    spans,
    server: (method) => named(SpanKind.SERVER, method),
    client: (method) => named(SpanKind.CLIENT, method),
    stop: () => {
      trace.disable()
      context.disable()
      propagation.disable()
      metrics.disable()
    },
  }
}

/** Polls until the check gives something, for at most two seconds. */
export async function eventually<T>(check: () => T | undefined | false): Promise<T> {
  const deadline = Date.now() + 2000
  for (;;) {
    const value = check()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error(`not within two seconds: ${check.toString()}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Something that happens once, to be awaited. */
export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

export function gate(): Gate {
  let open: () => void
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}
