import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ValueType } from '@opentelemetry/api'
import { SeverityNumber } from '@opentelemetry/api-logs'
import { OTLPLogExporter as LogsInJson } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as LogsInProtobuf } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPMetricExporter as MetricsOverGrpc } from '@opentelemetry/exporter-metrics-otlp-grpc'
import { OTLPMetricExporter as MetricsInJson } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter as MetricsInProtobuf } from '@opentelemetry/exporter-metrics-otlp-proto'
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import {
  AggregationType,
  MeterProvider,
  MetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import { afterEach, describe, expect, it } from 'vitest'
import type { PayloadSignal } from './batch.js'
import { genericComponents } from './components.js'
import { UserError } from './errors.js'
import { parsePayload, payloadToJson } from './otlp/payload-json.js'
import { readPayload } from './otlp/payload.js'
import { runCollector, type RunningCollector } from './run.js'
import { memoryExporter } from './testing/memory-exporter.js'
import { samplePayload } from './testing/sample-payload.js'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const loopback = { endpoint: '127.0.0.1:0' }
const both = (components: object) => ({
  'metrics/all': { receivers: ['otlp'], ...components },
  logs: { receivers: ['otlp'], ...components },
})

interface Running {
  readonly collector: RunningCollector
  readonly memory: ReturnType<typeof memoryExporter>
  readonly http: string
  readonly grpc: string
}

/** Takes metrics and logs, and keeps them unless `config` says otherwise. */
async function start(config: Record<string, unknown> = {}): Promise<Running> {
  const memory = memoryExporter()
  const collector = await runCollector({
    config: {
      receivers: { otlp: { protocols: { http: loopback, grpc: loopback } } },
      exporters: { memory: {} },
      service: { pipelines: both({ exporters: ['memory'] }) },
      ...config,
    },
    factories: [...genericComponents, memory.factory],
  })
  closing.push(() => collector.shutdown())
  const url = (name: string) => collector.endpoints.find((endpoint) => endpoint.name === name)!.url
  return { collector, memory, http: url('OTLP/HTTP'), grpc: url('OTLP/gRPC') }
}

const figure = (collector: RunningCollector, name: string) =>
  Number(new RegExp(`^otelcol_${name}(?:{.*})? (.*)$`, 'm').exec(collector.metrics())?.[1])

function post(url: string, signal: PayloadSignal, body: Uint8Array | string, headers: Record<string, string> = {}) {
  const type = typeof body === 'string' ? 'application/json' : 'application/x-protobuf'
  return fetch(`${url}/v1/${signal}`, {
    method: 'POST',
    headers: { 'Content-Type': type, ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
}

class OnDemand extends MetricReader {
  protected override onShutdown = async (): Promise<void> => undefined
  protected override onForceFlush = async (): Promise<void> => undefined
}

/** One of every kind of metric that the SDK makes, with an exotic number or two. */
async function someMetrics(): Promise<ResourceMetrics> {
  const reader = new OnDemand()
  const provider = new MeterProvider({
    readers: [reader],
    views: [{ instrumentName: 'sizes', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  })
  const meter = provider.getMeter('test', '1.0')
  meter
    .createCounter('calls', { unit: '{call}', valueType: ValueType.INT })
    .add(2 ** 40, { method: 'tools/call', tags: ['a', 'b'] })
  meter.createGauge('load').record(0.25)
  meter.createUpDownCounter('open').add(-3)
  meter.createHistogram('durations', { unit: 's' }).record(0.7)
  for (const size of [0, 3, 4096]) meter.createHistogram('sizes').record(size)
  meter.createObservableGauge('nothing').addCallback((result) => result.observe(1e-300))
  const { resourceMetrics } = await reader.collect()
  await provider.shutdown()
  return resourceMetrics
}

function exported(exporter: PushMetricExporter, metrics: ResourceMetrics): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    exporter.export(metrics, ({ error }) => (error ? reject(error) : resolve()))
  })
}

describe('the official exporters', () => {
  it('send metrics in protobuf, JSON and over gRPC, and all of them mean the same', async () => {
    const { collector, memory, http, grpc } = await start()
    const metrics = await someMetrics()
    await exported(new MetricsInProtobuf({ url: `${http}/v1/metrics` }), metrics)
    await exported(new MetricsInJson({ url: `${http}/v1/metrics` }), metrics)
    await exported(new MetricsOverGrpc({ url: grpc }), metrics)
    const [inProtobuf, inJson, overGrpc] = await Promise.all(memory.payloads.map(payloadToJson))
    expect(inJson).toEqual(inProtobuf)
    expect(overGrpc).toEqual(inProtobuf)
    const text = JSON.stringify(inProtobuf)
    for (const part of ['"asInt":"1099511627776"', '"asDouble":1e-300', '"exponentialHistogram"', '"explicitBounds"'])
      expect(text).toContain(part)
    expect(memory.payloads.map(({ signal, items }) => [signal, items])).toEqual(
      Array.from({ length: 3 }, () => ['metrics', 6]),
    )
    expect(figure(collector, 'receiver_accepted_metric_points')).toBe(18)
    expect(figure(collector, 'exporter_sent_metric_points')).toBe(18)
  })

  it('send logs in protobuf and JSON, and both mean the same', async () => {
    const { collector, memory, http } = await start()
    const made = new InMemoryLogRecordExporter()
    const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: made })] })
    provider.getLogger('test').emit({
      severityNumber: SeverityNumber.WARN,
      severityText: 'WARN',
      eventName: 'stock.low',
      body: { fruit: 'apple', left: [1, 2.5, true, null] },
      attributes: { shelf: 'A3', bytes: new Uint8Array([1, 255]) },
    })
    await provider.forceFlush()
    for (const exporter of [
      new LogsInProtobuf({ url: `${http}/v1/logs` }),
      new LogsInJson({ url: `${http}/v1/logs` }),
    ]) {
      await new Promise<void>((resolve, reject) => {
        // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the two packages name one enumeration twice
        exporter.export(made.getFinishedLogRecords(), ({ error }) => (error ? reject(error) : resolve()))
      })
      await exporter.shutdown()
    }
    const [inProtobuf, inJson] = await Promise.all(memory.payloads.map(payloadToJson))
    expect(inJson).toEqual(inProtobuf)
    expect(JSON.stringify(inProtobuf)).toContain('"eventName":"stock.low"')
    expect(figure(collector, 'receiver_accepted_log_records')).toBe(2)
  })
})

describe.each(['metrics', 'logs'] as const)('%s', (signal) => {
  it.each([
    ['otlphttp, protobuf', (target: Running) => ({ otlphttp: { endpoint: target.http } })],
    ['otlphttp, JSON', (target: Running) => ({ otlphttp: { endpoint: target.http, encoding: 'json' } })],
    ['otlp', (target: Running) => ({ otlp: { endpoint: target.grpc } })],
  ])('go on through %s as they came, whatever they came as', async (_name, exporters) => {
    const target = await start()
    const own = exporters(target)
    const between = await start({
      processors: { memory_limiter: { limit_percentage: 90 } },
      exporters: own,
      service: { pipelines: both({ processors: ['memory_limiter'], exporters: Object.keys(own) }) },
    })
    const payload = await samplePayload(signal, 7)
    const json = await payloadToJson(payload)
    expect((await post(between.http, signal, payload.bytes)).status).toBe(200)
    const answer = await post(between.http, signal, JSON.stringify(json))
    expect([answer.status, await answer.json()]).toEqual([200, {}])
    await expect.poll(() => target.memory.payloads.length, { timeout: 20_000 }).toBe(2)
    for (const arrived of target.memory.payloads) {
      expect(arrived.items).toBe(7)
      expect(await payloadToJson(arrived)).toEqual(json)
    }
    const items = signal === 'metrics' ? 'metric_points' : 'log_records'
    await expect.poll(() => figure(between.collector, `exporter_sent_${items}`), { timeout: 20_000 }).toBe(14)
  })

  it('go into a file as OTLP JSON, and fields that nobody knows go through unread', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mcpcat-signals-'))
    closing.push(() => rm(folder, { recursive: true, force: true }))
    const target = await start()
    const path = join(folder, 'out.jsonl')
    const own = { file: { path }, otlphttp: { endpoint: target.http } }
    const { http } = await start({
      exporters: own,
      service: { pipelines: both({ exporters: Object.keys(own) }) },
    })
    const payload = await samplePayload(signal, 2)
    // Field 999 of the request, with three bytes.
    const later = Buffer.concat([payload.bytes, Buffer.from([0xba, 0x3e, 3, 1, 2, 3])])
    expect((await post(http, signal, later)).status).toBe(200)
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(await payloadToJson(payload))
    await expect.poll(() => target.memory.payloads, { timeout: 20_000 }).toEqual([{ signal, bytes: later, items: 2 }])
  })

  it('belong to the project of their key, whatever they say themselves', async () => {
    const keys = [{ key: 'key-of-one', project: 'proj_one' }]
    const { memory, http } = await start({
      receivers: { otlp: { protocols: { http: loopback, grpc: loopback }, ingest_keys: keys } },
    })
    const { bytes } = await samplePayload(signal)
    const text = JSON.stringify(await payloadToJson(readPayload(signal, bytes)))
    const pretending = text.replace(
      '"attributes":[',
      '"attributes":[{"key":"mcpcat.project.id","value":{"stringValue":"proj_two"}},',
    )
    expect((await post(http, signal, bytes)).status).toBe(401)
    const headers = { Authorization: 'Bearer key-of-one' }
    expect((await post(http, signal, pretending, headers)).status).toBe(200)
    const arrived = JSON.stringify(await payloadToJson(memory.payloads[0]!))
    expect(arrived).not.toContain('proj_two')
    expect(arrived).toContain('{"key":"mcpcat.project.id","value":{"stringValue":"proj_one"}}')
    expect(arrived).toContain('{"key":"service.name","value":{"stringValue":"sample"}}')
  })

  it('are refused when they are none', async () => {
    const { http, collector } = await start()
    expect((await post(http, signal, Buffer.from('nonsense'))).status).toBe(400)
    for (const text of ['{', '[]', '{"resourceLogs":1,"resourceMetrics":1}']) {
      const answer = await post(http, signal, text)
      expect([answer.status, await answer.json()]).toEqual([400, { code: 3, message: expect.any(String) as string }])
    }
    expect((await post(http, signal, '{}')).status).toBe(200)
    expect(figure(collector, 'receiver_accepted_spans')).toBeNaN()
  })
})

it('JSON has words for what its numbers cannot say', async () => {
  const json = { resourceMetrics: [{ scopeMetrics: [{ metrics: [gauge('NaN', 'Infinity', '-Infinity')] }] }] }
  expect(await payloadToJson(await parsePayload('metrics', JSON.stringify(json)))).toEqual(json)
})

function gauge(...values: string[]): object {
  return { name: 'odd', gauge: { dataPoints: values.map((asDouble) => ({ asDouble })) } }
}

const record = (member: string) => `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{${member}}]}]}]}`

it('JSON that protobufjs would bend into shape is malformed', async () => {
  for (const member of ['"traceId":"xyz"', '"timeUnixNano":"soon"', '"severityNumber":"INFO"'])
    await expect(parsePayload('logs', record(member))).rejects.toThrow(/is not hex|is no integer/)
  await expect(parsePayload('logs', record('"timeUnixNano":"18446744073709551615"'))).resolves.toMatchObject({
    items: 1,
  })
})

it('without a pipeline for them are refused clearly', async () => {
  const pipelines = { logs: { receivers: ['otlp'], exporters: ['memory'] } }
  const { http, grpc } = await start({ service: { pipelines } })
  const answer = await post(http, 'metrics', '{}')
  expect([answer.status, await answer.json()]).toEqual([
    404,
    { code: 5, message: 'no pipeline takes metrics here; this endpoint serves POST /v1/logs' },
  ])
  await expect(exported(new MetricsOverGrpc({ url: grpc }), await someMetrics())).rejects.toMatchObject({
    message: expect.stringContaining('no pipeline takes metrics here') as string,
  })
})

it('a component that knows traces alone is told by its path', async () => {
  const config = {
    processors: { batch: {} },
    service: { pipelines: both({ processors: ['batch'], exporters: ['memory'] }) },
  }
  const refusal = await start(config).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(UserError)
  expect((refusal as UserError).message.split('\n')).toEqual([
    'service.pipelines.metrics/all.processors[0]: "batch" takes no metrics, only traces',
    'service.pipelines.logs.processors[0]: "batch" takes no logs, only traces',
  ])
})

it('what a backend rejects of an accepted request is counted as failed', async () => {
  const backend = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      expect(readPayload('metrics', gunzipSync(Buffer.concat(chunks))).items).toBe(5)
      // partial_success { rejected_data_points: 2, error_message: "old" }
      response.end(Buffer.from([0x0a, 7, 0x08, 2, 0x12, 3, ...Buffer.from('old')]))
    })
  })
  await new Promise<void>((resolve) => void backend.listen(0, '127.0.0.1', resolve))
  closing.push(() => backend.close())
  const { port } = backend.address() as AddressInfo
  const { collector, http } = await start({
    exporters: { otlphttp: { metrics_endpoint: `http://127.0.0.1:${port}/metrics` } },
    service: { pipelines: { metrics: { receivers: ['otlp'], exporters: ['otlphttp'] } } },
  })
  await post(http, 'metrics', (await samplePayload('metrics', 5)).bytes)
  await expect.poll(() => figure(collector, 'exporter_sent_metric_points'), { timeout: 20_000 }).toBe(3)
  expect(figure(collector, 'exporter_send_failed_metric_points')).toBe(2)
})

it('wait on disk for a backend that is down, each signal in a journal of its own', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mcpcat-signals-'))
  closing.push(() => rm(directory, { recursive: true, force: true }))
  const settings = (port: number) => ({
    extensions: { file_storage: { directory } },
    exporters: { otlphttp: { endpoint: `http://127.0.0.1:${port}`, sending_queue: { storage: 'file_storage' } } },
    service: { extensions: ['file_storage'], pipelines: both({ exporters: ['otlphttp'] }) },
  })
  const down = await start(settings(1))
  expect((await post(down.http, 'metrics', (await samplePayload('metrics', 3)).bytes)).status).toBe(200)
  expect((await post(down.http, 'logs', (await samplePayload('logs', 4)).bytes)).status).toBe(200)
  await down.collector.shutdown()
  expect(figure(down.collector, 'exporter_pending_log_records')).toBe(4)

  const target = await start()
  await start(settings(Number(new URL(target.http).port)))
  await expect
    .poll(() => target.memory.payloads.map(({ items }) => items), { timeout: 20_000 })
    .toEqual(expect.arrayContaining([3, 4]))
})
