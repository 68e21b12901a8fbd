// One span with everything that a span can have, through the three official exporters; then, on stdout, what it
// means by their own serializer, in OTLP JSON. Runs where either line of OpenTelemetry is installed.
// Usage: node every-field.mjs SDK_PACKAGE HTTP_ENDPOINT GRPC_ENDPOINT
import { createTraceState, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'

const [, , line, http, grpc] = process.argv
const sdk = line === '3' ? await import('@opentelemetry/sdk-trace') : await import('@opentelemetry/sdk-trace-base')
const Provider = sdk.TracerProvider ?? sdk.BasicTracerProvider

const ended = []
const keep = { onStart() {}, onEnd: (span) => ended.push(span), async forceFlush() {}, async shutdown() {} }
const provider = new Provider({
  resource: resourceFromAttributes(
    { 'service.name': 'emitter', 'process.pid': 7, tags: ['a', 'b'] },
    { schemaUrl: 'https://opentelemetry.io/schemas/1.40.0' },
  ),
  spanLimits: { attributeCountLimit: 9, eventCountLimit: 1, linkCountLimit: 1 },
  spanProcessors: [keep],
})
const context = (digit, state) => ({
  traceId: digit.repeat(32),
  spanId: digit.repeat(16),
  traceFlags: 1,
  isRemote: true,
  traceState: createTraceState(state),
})
const parent = trace.setSpanContext(ROOT_CONTEXT, context('a', 'vendor=value,other=2'))
const link = (digit) => ({ context: context(digit, 'linked=1'), attributes: { why: 'linked' } })

const tracer = provider.getTracer('scope', '1.2.3', { schemaUrl: 'https://opentelemetry.io/schemas/1.41.0' })
const span = tracer.startSpan(
  'tools/call x',
  {
    kind: SpanKind.SERVER,
    startTime: [1_790_000_000, 123_456_789],
    links: [link('b'), link('c')],
    attributes: {
      text: 'ä€😀',
      empty: '',
      int: 42,
      large: Number.MIN_SAFE_INTEGER,
      double: 1.25,
      no: false,
      strings: ['a', 'b'],
      numbers: [1, 2.5],
      none: [],
      'one too many': 1,
    },
  },
  parent,
)
span.addEvent('dropped', {}, [1_790_000_000, 150_000_000])
span.addEvent('exception', { 'exception.type': 'TypeError' }, [1_790_000_000, 200_000_001])
span.setStatus({ code: SpanStatusCode.ERROR, message: 'went wrong' })
span.end([1_790_000_001, 1])

// What the API's attributes cannot hold and the serializer knows all the same.
const [made] = ended
const complete = Object.create(made, {
  attributes: {
    value: { ...made.attributes, bytes: Uint8Array.of(0, 255, 16), map: { a: 'b', nested: [1, { yes: true }, []] } },
  },
})
for (const exporter of [
  new JsonExporter({ url: `${http}/v1/traces` }),
  new ProtobufExporter({ url: `${http}/v1/traces` }),
  new GrpcExporter({ url: grpc }),
]) {
  const { error } = await new Promise((resolve) => exporter.export([complete], resolve))
  if (error) throw error
  await exporter.shutdown()
}
process.stdout.write(Buffer.from(JsonTraceSerializer.serializeRequest([complete])).toString('utf8'))
