import { deepEqual, equal, ok } from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { EventDetail, Page, Session } from '@mcpcat/store'
import { eventually, getJson, startCollector, type RunningCollector } from '../end-to-end/collector.js'
import { freePort } from '../harness/free-port.js'
import { everyField, normal } from './every-field.js'
import { Cleanup, exported, postTraces, startConfigured } from './processes.js'

/** A real OpenTelemetry Collector in front of ours: what it was given is in our store and in what we pass on. */
export async function otelcolInFront(otelcol: string): Promise<string> {
  return withCleanup(async (cleanup) => {
    const file = join(await cleanup.folder(), 'ours.jsonl')
    const grpc = await freePort()
    const ours = await start(
      cleanup,
      `receivers.otlp.protocols.grpc.endpoint=127.0.0.1:${grpc}`,
      `exporters.file.path=${file}`,
      'service.pipelines.traces={ receivers: [otlp], processors: [], exporters: [store, file] }',
    )
    const port = await freePort()
    const requests: object[] = []
    for (const [way, exporter] of [
      ['HTTP', { otlphttp: { endpoint: ours.otlp, sending_queue: { enabled: false } } }],
      ['HTTP in JSON', { otlphttp: { endpoint: ours.otlp, encoding: 'json', sending_queue: { enabled: false } } }],
      ['gRPC', { otlp: { endpoint: `127.0.0.1:${grpc}`, tls: { insecure: true }, sending_queue: { enabled: false } } }],
    ] as const) {
      const one = new Cleanup()
      try {
        await startOtelcol(one, otelcol, port, exporter, { batch: { timeout: '50ms' } })
        const request = everyField(randomBytes(16).toString('hex'))
        requests.push(request)
        await postTraces(`http://127.0.0.1:${port}`, request)
        const lines = await eventually(
          () => exported(file),
          ({ length }) => length >= requests.length,
        )
        deepEqual(normal(lines.at(-1)), normal(request), `a field changed on the way over ${way}`)
      } finally {
        await one.run()
      }
    }
    await expectStored(ours, requests.length)
    return 'every field over HTTP, HTTP in JSON and gRPC, and the calls are in the store'
  })
}

async function expectStored({ dashboard }: RunningCollector, calls: number): Promise<void> {
  const { items } = await eventually(
    () => getJson<Page<Session>>(`${dashboard}/api/v1/sessions?client=interop-client`),
    (page) => page.items.length >= calls,
  )
  equal(items.length, calls, 'one session for each session id')
  for (const { id } of items) {
    const events = await getJson<Page<{ id: string }>>(`${dashboard}/api/v1/sessions/${id}/events`)
    const detail = await getJson<EventDetail>(`${dashboard}/api/v1/events/${events.items[0]?.id}`)
    equal(detail.target, 'search')
    equal(detail.isError, true)
    equal(detail.errorMessage, 'went wrong')
    equal(detail.attributes['text'], 'ä€😀')
    equal(detail.attributes['int'], '-9223372036854775808')
    equal(detail.resource['service.name'], 'interop')
  }
}

/** Our exporters in front of a real OpenTelemetry Collector: what we were given is what it writes. */
export async function otelcolBehind(otelcol: string): Promise<string> {
  return withCleanup(async (cleanup) => {
    const file = join(await cleanup.folder(), 'theirs.jsonl')
    const [http, grpc] = [await freePort(), await freePort()]
    const receiver = { http: { endpoint: `127.0.0.1:${http}` }, grpc: { endpoint: `127.0.0.1:${grpc}` } }
    await startConfigured(
      cleanup,
      otelcol,
      otelcolConfig(receiver, { file: { path: file, flush_interval: '50ms' } }, {}),
      `http://127.0.0.1:${http}`,
    )
    const base = `http://127.0.0.1:${http}`
    const ours = await start(
      cleanup,
      `exporters.otlphttp/proto={ endpoint: "${base}" }`,
      `exporters.otlphttp/json={ endpoint: "${base}", encoding: json, compression: zstd }`,
      `exporters.otlp={ endpoint: "http://127.0.0.1:${grpc}" }`,
      'service.pipelines.traces={ receivers: [otlp], processors: [], exporters: [otlphttp/proto, otlphttp/json, otlp] }',
    )
    const request = everyField(randomBytes(16).toString('hex'))
    await postTraces(ours.otlp, request)
    const lines = await eventually(
      () => exported(file),
      ({ length }) => length >= 3,
    )
    for (const line of lines) deepEqual(normal(line), normal(request), 'a field changed on the way')
    return 'every field, from otlphttp in protobuf and JSON with zstd, and from otlp'
  })
}

/** The routing of docs/scaling.md: a session's spans all go to one of two collectors, and none is lost. */
export async function otelcolLoadbalancing(otelcol: string): Promise<string> {
  return withCleanup(async (cleanup) => {
    const ports = [await freePort(), await freePort()]
    const ours: RunningCollector[] = []
    for (const port of ports)
      ours.push(await start(cleanup, `receivers.otlp.protocols.grpc.endpoint=127.0.0.1:${port}`))
    const port = await freePort()
    await startOtelcol(
      cleanup,
      otelcol,
      port,
      {
        loadbalancing: {
          routing_key: 'attributes',
          routing_attributes: ['user.id', 'mcp.session.id', 'mcpcat.connection.id'],
          protocol: { otlp: { tls: { insecure: true } } },
          resolver: { static: { hostnames: ports.map((one) => `127.0.0.1:${one}`) } },
        },
      },
      { batch: { timeout: '50ms' } },
    )
    const [sessions, calls] = [40, 5]
    // Each request has one span of every session, so that the batches have to be taken apart.
    for (let call = 0; call < calls; call += 1) await postTraces(`http://127.0.0.1:${port}`, oneOfEach(sessions, call))
    const found = await eventually(
      () => Promise.all(ours.map(({ dashboard }) => getJson<Page<Session>>(`${dashboard}/api/v1/sessions?limit=200`))),
      (pages) =>
        pages.flatMap(({ items }) => items).reduce((sum, { toolCalls }) => sum + toolCalls, 0) >= sessions * calls,
    )
    const all = found.flatMap(({ items }) => items)
    equal(all.length, sessions, 'a session was divided between the collectors')
    ok(
      all.every(({ toolCalls }) => toolCalls === calls),
      'a session lacks calls',
    )
    const shares = found.map(({ items }) => items.length)
    ok(
      shares.every((share) => share > 0),
      'one collector got nothing',
    )
    return `${sessions} sessions of ${calls} calls, each whole on one collector (${shares.join(' and ')})`
  })
}

function oneOfEach(sessions: number, call: number): object {
  const begin = BigInt(Date.now()) * 1_000_000n
  const spans = Array.from({ length: sessions }, (_, session) => ({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'tools/call search',
    kind: 2,
    startTimeUnixNano: String(begin + BigInt(call)),
    endTimeUnixNano: String(begin + BigInt(call) + 1000n),
    attributes: [
      { key: 'mcp.method.name', value: { stringValue: 'tools/call' } },
      { key: 'gen_ai.tool.name', value: { stringValue: 'search' } },
      { key: 'mcp.session.id', value: { stringValue: `session-${session}` } },
    ],
  }))
  return { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: 'interop' }, spans }] }] }
}

async function withCleanup(test: (cleanup: Cleanup) => Promise<string>): Promise<string> {
  const cleanup = new Cleanup()
  try {
    return await test(cleanup)
  } finally {
    await cleanup.run()
  }
}

async function start(cleanup: Cleanup, ...settings: string[]): Promise<RunningCollector> {
  const collector = await startCollector(...settings)
  cleanup.add(() => collector.stop())
  return collector
}

async function startOtelcol(
  cleanup: Cleanup,
  otelcol: string,
  port: number,
  exporters: object,
  processors: object,
): Promise<void> {
  const receiver = { http: { endpoint: `127.0.0.1:${port}` } }
  await startConfigured(cleanup, otelcol, otelcolConfig(receiver, exporters, processors), `http://127.0.0.1:${port}`)
}

function otelcolConfig(protocols: object, exporters: object, processors: object): object {
  return {
    receivers: { otlp: { protocols } },
    processors,
    exporters,
    service: {
      telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
      pipelines: {
        traces: { receivers: ['otlp'], processors: Object.keys(processors), exporters: Object.keys(exporters) },
      },
    },
  }
}
