import { pino } from 'pino'
import { expect, it } from 'vitest'
import { genericComponents } from '../components.js'
import { RetryableError } from '../errors.js'
import { encodeTraces } from '../otlp/encode-traces.js'
import { runCollector, type RunningCollector } from '../run.js'
import { memoryExporter } from '../testing/memory-exporter.js'
import { sampleTraces } from '../testing/sample-traces.js'

const url = ({ endpoints }: RunningCollector, name: string) => endpoints.find((endpoint) => endpoint.name === name)!.url

it("the collector's own figures have otelcol's names, and balance", async () => {
  const memory = memoryExporter()
  const collector = await runCollector({
    config: {
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
      processors: { filter: { spans: { exclude: { attributes: [{ key: 'jsonrpc.request.id', value: '0' }] } } } },
      exporters: { memory: {} },
      service: {
        telemetry: { metrics: { address: '127.0.0.1:0' } },
        pipelines: { traces: { receivers: ['otlp'], processors: ['filter'], exporters: ['memory'] } },
      },
    },
    factories: [...genericComponents, memory.factory],
  })
  const send = () =>
    fetch(`${url(collector, 'OTLP/HTTP')}/v1/traces`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-protobuf' },
      body: new Uint8Array(encodeTraces(sampleTraces(10))),
    })
  await send()
  memory.behaviour = () => Promise.reject(new RetryableError('not now'))
  await send()
  const text = await (await fetch(url(collector, 'metrics'))).text()
  const figures = Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.startsWith('otelcol_'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
  expect(figures).toMatchObject({
    'otelcol_receiver_accepted_spans{receiver="otlp"}': 10,
    'otelcol_receiver_refused_spans{receiver="otlp"}': 10,
    'otelcol_processor_incoming_items{processor="filter",pipeline="traces",otel_signal="traces"}': 20,
    'otelcol_processor_outgoing_items{processor="filter",pipeline="traces",otel_signal="traces"}': 18,
    'otelcol_exporter_sent_spans{exporter="memory"}': 9,
  })
  expect(figures['otelcol_process_memory_rss']).toBeGreaterThan(1e6)
  await collector.shutdown()
})

it('health tells life from readiness, with reasons', async () => {
  const collector = await runCollector({
    config: {
      extensions: { health_check: { endpoint: '127.0.0.1:0', path: '/health' } },
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
      processors: { memory_limiter: { limit_mib: 1, spike_limit_mib: 0.5 } },
      exporters: { debug: {} },
      service: {
        extensions: ['health_check'],
        pipelines: { traces: { receivers: ['otlp'], processors: ['memory_limiter'], exporters: ['debug'] } },
      },
    },
    factories: genericComponents,
  })
  const ready = await fetch(url(collector, 'health'))
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: 'refusing', problems: { 'processor/memory_limiter in traces': 'memory is short' } },
  ])
  expect((await fetch(new URL('/live', url(collector, 'health')))).status).toBe(200)
  expect((await fetch(new URL('/other', url(collector, 'health')))).status).toBe(404)
  await collector.shutdown()
})

it('health stays ready while a backend is down and its queue has room, and says so', async () => {
  const collector = await runCollector({
    config: {
      extensions: { health_check: { endpoint: '127.0.0.1:0' }, 'health_check/all': { endpoint: '0.0.0.0:0' } },
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
      exporters: {
        otlphttp: {
          endpoint: 'http://127.0.0.1:1',
          sending_queue: { queue_size: 1, num_consumers: 1 },
          retry_on_failure: { initial_interval: '20ms', max_interval: '20ms' },
        },
      },
      service: {
        extensions: ['health_check', 'health_check/all'],
        telemetry: { metrics: { address: '0.0.0.0:0' } },
        pipelines: { traces: { receivers: ['otlp'], exporters: ['otlphttp'] } },
      },
    },
    factories: genericComponents,
    logger: pino({ level: 'silent' }),
    shutdownTimeoutMs: 500,
  })
  const urlOf = (id: string) =>
    collector.endpoints.find(({ component }) => component === id)!.url.replace('0.0.0.0', '127.0.0.1')
  const ask = async (id: string) => {
    const response = await fetch(urlOf(id))
    return { code: response.status, ...((await response.json()) as object) }
  }
  const send = () =>
    fetch(`${urlOf('otlp')}/v1/traces`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-protobuf' },
      body: new Uint8Array(encodeTraces(sampleTraces(1))),
    })
  expect(await ask('health_check/all')).toEqual({ code: 200, status: 'ready' })
  await send()
  const reason = expect.stringMatching(/^cannot send: .*ECONNREFUSED/) as string
  await expect
    .poll(() => ask('health_check'), { timeout: 20_000 })
    .toEqual({ code: 200, status: 'degraded', problems: { 'exporter/otlphttp': reason } })
  // Whom it does not know it tells no reasons: they name backends.
  expect(await ask('health_check/all')).toEqual({ code: 200, status: 'degraded' })

  // One is on its way, the second waits, the third is turned away.
  await send()
  expect((await send()).status).toBe(503)
  expect(await ask('health_check/all')).toEqual({ code: 503, status: 'refusing' })
  expect((await fetch(new URL('/live', urlOf('health_check/all')))).status).toBe(200)
  expect(await (await fetch(urlOf('metrics'))).text()).toContain('otelcol_exporter_enqueue_failed_spans')
  await collector.shutdown()
})
