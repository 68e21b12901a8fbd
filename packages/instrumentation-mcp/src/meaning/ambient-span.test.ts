import { context, propagation, ROOT_CONTEXT, SpanKind, trace, type Span } from '@opentelemetry/api'
import { getSpanContent } from '@mcpcat/semconv'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instrumentServer, type InstrumentOptions } from '../instrument.js'
import { SDKS, type Sdk } from '../testing/pairs.js'
import { eventually, startTelemetry, type Telemetry } from '../testing/telemetry.js'

let telemetry: Telemetry
beforeEach(() => {
  telemetry = startTelemetry()
})
afterEach(() => telemetry.stop())

const THEIRS = 'the.server.itself'

interface Incoming {
  id?: number
  method?: string
  params?: { _meta?: object }
}

interface AnyTransport {
  start(): Promise<void>
  send(message: Incoming, options?: unknown): Promise<void>
  close(): Promise<void>
  onmessage?: ((message: Incoming, extra?: unknown) => void) | undefined
  onclose?: (() => void) | undefined
}

/** A server's own instrumentation at its transport: a span around each message, ended with its answer. */
function selfTraced(inner: AnyTransport, idAttribute = 'jsonrpc.request.id'): AnyTransport {
  const open = new Map<number, Span>()
  const wrapper: AnyTransport = {
    start: () => inner.start(),
    close: () => inner.close(),
    async send(message, options) {
      try {
        await inner.send(message, options)
      } finally {
        if (message.method === undefined && message.id !== undefined) open.get(message.id)?.end()
      }
    },
  }
  const onclose = (): void => wrapper.onclose?.()
  const onmessage = (message: Incoming, extra: unknown): void => {
    if (!message.method) return wrapper.onmessage?.(message, extra)
    const { id, method } = message
    const parent = propagation.extract(ROOT_CONTEXT, message.params?._meta ?? {})
    const attributes = {
      'mcp.method.name': method,
      their: 'own',
      ...(id !== undefined && { [idAttribute]: String(id) }),
    }
    const span = trace.getTracer(THEIRS).startSpan(method, { kind: SpanKind.SERVER, attributes }, parent)
    if (id !== undefined) open.set(id, span)
    context.with(trace.setSpan(parent, span), () => wrapper.onmessage?.(message, extra))
    if (id === undefined) span.end()
  }
  Object.assign(inner, { onclose, onmessage })
  return Object.assign(wrapper, { inner })
}

async function callTwice(sdk: Sdk, options: InstrumentOptions, idAttribute?: string): Promise<void> {
  const server = instrumentServer(sdk.server(), options)
  sdk.tool(server, 'echo', {}, () => ({ content: [{ type: 'text', text: 'hello' }] }))
  const [clientSide, serverSide] = sdk.transports()
  const client = sdk.client()
  await server.connect(selfTraced(serverSide as never, idAttribute) as never)
  await client.connect(clientSide)
  await client.callTool({ name: 'echo', arguments: { context: 'to greet' } })
  await client.callTool({ name: 'missing', arguments: {} }).catch(() => undefined)
  await eventually(() => telemetry.server('tools/call').length >= 2)
  await client.close()
}

const scopes = (method: string): string[] => telemetry.server(method).map((span) => span.instrumentationScope.name)

describe.each(SDKS)('a server that makes spans of its own, SDK $name', (sdk) => {
  it('has one span a message, which is theirs with what ours would have', async () => {
    await callTwice(sdk, { identify: () => ({ userId: 'u1' }) })
    for (const method of ['initialize', 'notifications/initialized']) expect(scopes(method)).toEqual([THEIRS])
    expect(scopes('tools/call')).toEqual([THEIRS, THEIRS])
    const [span] = telemetry.server('tools/call')
    expect(span?.name).toBe('tools/call echo')
    expect(span?.attributes).toMatchObject({
      their: 'own',
      'gen_ai.tool.name': 'echo',
      'mcpcat.intent': 'to greet',
      'mcp.client.name': 'test-client',
      'mcpcat.connection.id': expect.any(String) as string,
    })
    expect(getSpanContent(span ?? {})).toMatchObject({
      request: { name: 'echo' },
      response: { content: [{ text: 'hello' }] },
    })
  })

  it('has its operations measured once, by us', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const meterProvider = new MeterProvider({ readers: [reader] })
    await callTwice(sdk, { meterProvider })
    await meterProvider.forceFlush()
    const operations = exporter
      .getMetrics()
      .flatMap((resource) => resource.scopeMetrics)
      .flatMap((scope) => scope.metrics)
      .find((metric) => metric.descriptor.name === 'mcp.server.operation.duration')
    const calls = operations?.dataPoints.filter((point) => point.attributes['mcp.method.name'] === 'tools/call') ?? []
    expect(calls.reduce((sum, point) => sum + (point.value as { count: number }).count, 0)).toBe(2)
    await meterProvider.shutdown()
  })

  it('keeps its span beside ours where it does not say which request it stands for', async () => {
    await callTwice(sdk, {}, 'some.id')
    expect(scopes('tools/call').filter((name) => name === THEIRS)).toHaveLength(2)
    expect(scopes('tools/call')).toHaveLength(4)
  })

  it('keeps its span beside ours where ours go elsewhere', async () => {
    const exporter = new InMemorySpanExporter()
    const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
    await callTwice(sdk, { tracerProvider })
    expect(scopes('tools/call')).toEqual([THEIRS, THEIRS])
    expect(telemetry.server('tools/call')[0]?.attributes).not.toHaveProperty('mcpcat.intent')
    await eventually(() => exporter.getFinishedSpans().some((span) => span.name === 'tools/call echo'))
    await tracerProvider.shutdown()
  })
})
