import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, SimpleSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { genericComponents } from '../components.js'
import { runCollector, type RunningCollector } from '../run.js'
import { memoryExporter, type MemoryExporter } from '../testing/memory-exporter.js'
import type { AnyValue, KeyValue } from '../traces.js'

let memory: MemoryExporter
let collector: RunningCollector
let base: Record<string, string>

/** What the official exporters send goes out again through ours, in every way, and is looked at where it arrives. */
beforeAll(async () => {
  memory = memoryExporter()
  const factories = [...genericComponents, memory.factory]
  const loopback = { endpoint: '127.0.0.1:0' }
  const last = await runCollector({
    config: {
      receivers: { otlp: { protocols: { http: loopback, grpc: loopback } } },
      exporters: { memory: {} },
      service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['memory'] } } },
    },
    factories,
  })
  const [grpc, http] = last.endpoints.map(({ url }) => url)
  const first = await runCollector({
    config: {
      receivers: { otlp: { protocols: { http: loopback, grpc: loopback } } },
      exporters: {
        'otlphttp/proto': { endpoint: http },
        'otlphttp/json': { endpoint: http, encoding: 'json', compression: 'zstd' },
        otlp: { endpoint: grpc },
      },
      service: {
        pipelines: { traces: { receivers: ['otlp'], exporters: ['otlphttp/proto', 'otlphttp/json', 'otlp'] } },
      },
    },
    factories,
  })
  collector = {
    ...first,
    async shutdown() {
      await first.shutdown()
      await last.shutdown()
    },
  }
  base = Object.fromEntries(first.endpoints.map(({ name, url }) => [name, url]))
})
afterAll(() => collector.shutdown())
beforeEach(() => (memory.batches as unknown[]).splice(0))

const exporters: Record<string, () => SpanExporter> = {
  'http/json': () => new JsonExporter({ url: `${base['OTLP/HTTP']}/v1/traces` }),
  'http/protobuf': () => new ProtoExporter({ url: `${base['OTLP/HTTP']}/v1/traces`, compression: 'gzip' as never }),
  grpc: () => new GrpcExporter({ url: base['OTLP/gRPC']! }),
}

const find = (attributes: readonly KeyValue[], key: string): AnyValue | undefined =>
  attributes.find((attribute) => attribute.key === key)?.value

describe.each(Object.entries(exporters))('the official %s exporter', (_name, create) => {
  it('delivers every field intact, through receiver and exporters', async () => {
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'emitter', 'process.pid': 7 }),
      spanProcessors: [new SimpleSpanProcessor(create())],
    })
    const link = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: TraceFlags.SAMPLED }
    const span = provider.getTracer('scope', '1.2.3').startSpan('tools/call x', {
      kind: SpanKind.SERVER,
      startTime: [1_790_000_000, 123_456_789],
      links: [{ context: link, attributes: { why: 'linked' } }],
      attributes: {
        text: 'ä€😀',
        int: 42,
        negative: -5,
        double: 1.25,
        yes: true,
        list: ['a', 'b'],
        numbers: [1, 2],
        none: [],
      },
    })
    span.addEvent('exception', { 'exception.type': 'TypeError' }, [1_790_000_000, 200_000_000])
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'went wrong' })
    span.end([1_790_000_001, 1])
    await provider.forceFlush()
    await provider.shutdown()

    await expect.poll(() => memory.batches.length, { timeout: 20_000 }).toBe(3)
    for (const { resourceSpans } of memory.batches) {
      const [group] = resourceSpans
      const [scoped] = group!.scopeSpans
      const [received] = scoped!.spans
      expect(find(group!.resource.attributes, 'service.name')).toEqual({ stringValue: 'emitter' })
      expect(scoped!.scope).toMatchObject({ name: 'scope', version: '1.2.3' })
      const { traceId, spanId } = span.spanContext()
      expect(received).toMatchObject({
        traceId,
        spanId,
        name: 'tools/call x',
        kind: 2,
        startTimeUnixNano: 1790000000123456789n,
        endTimeUnixNano: 1790000001000000001n,
        status: { code: 2, message: 'went wrong' },
      })
      for (const [key, value] of [
        ['text', { stringValue: 'ä€😀' }],
        ['int', { intValue: 42n }],
        ['negative', { intValue: -5n }],
        ['double', { doubleValue: 1.25 }],
        ['yes', { boolValue: true }],
        ['list', { arrayValue: { values: [{ stringValue: 'a' }, { stringValue: 'b' }] } }],
        ['numbers', { arrayValue: { values: [{ intValue: 1n }, { intValue: 2n }] } }],
        ['none', { arrayValue: { values: [] } }],
      ] as const)
        expect(find(received!.attributes, key)).toEqual(value)
      expect(received!.events).toMatchObject([
        { name: 'exception', timeUnixNano: 1790000000200000000n, attributes: [{ key: 'exception.type' }] },
      ])
      expect(received!.links).toMatchObject([
        { traceId: link.traceId, spanId: link.spanId, attributes: [{ key: 'why' }] },
      ])
    }
  })
})
