import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterEach, expect, it } from 'vitest'
import { genericComponents } from '../components.js'
import { decodeTraces } from '../otlp/decode-traces.js'
import { encodeTraces } from '../otlp/encode-traces.js'
import { runCollector } from '../run.js'
import { sampleTraces } from '../testing/sample-traces.js'
import { spanCount } from '../traces.js'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function serve(handle: RequestListener, port = 0): Promise<number> {
  const server = createServer(handle)
  servers.push(server)
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A backend that counts the spans it takes. */
function counting(): { count: () => number; handle: RequestListener } {
  let spans = 0
  return {
    count: () => spans,
    handle: (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        spans += spanCount(decodeTraces(Buffer.concat(chunks)))
        response.end()
      })
    },
  }
}

const exporter = (port: number, more: object = {}) => ({
  endpoint: `http://127.0.0.1:${port}`,
  compression: 'none',
  retry_on_failure: { initial_interval: '20ms', max_interval: '50ms' },
  ...more,
})

it('one exporter dead, one hanging, one healthy: the healthy one has everything, the dead one catches up, the figures balance', async () => {
  const healthy = counting()
  const healthyPort = await serve(healthy.handle)
  const hangingPort = await serve(() => undefined)
  // A port that nothing listens on, until later.
  const deadPort = await serve(() => undefined)
  const closing = servers.pop()!
  await new Promise<void>((resolve) => void closing.close(() => resolve()))

  const collector = await runCollector({
    config: {
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
      exporters: {
        'otlphttp/healthy': exporter(healthyPort),
        'otlphttp/hanging': exporter(hangingPort, { timeout: '50ms' }),
        'otlphttp/dead': exporter(deadPort),
      },
      service: {
        telemetry: { metrics: { address: '127.0.0.1:0' } },
        pipelines: {
          traces: { receivers: ['otlp'], exporters: ['otlphttp/healthy', 'otlphttp/hanging', 'otlphttp/dead'] },
        },
      },
    },
    factories: genericComponents,
    logger: pino({ level: 'silent' }),
    shutdownTimeoutMs: 5000,
  })
  const url = (name: string) => collector.endpoints.find((endpoint) => endpoint.name === name)!.url
  const figure = async (name: string, id: string) => {
    const text = await (await fetch(url('metrics'))).text()
    return Number(new RegExp(`^otelcol_exporter_${name}{exporter="otlphttp/${id}"} (.*)$`, 'm').exec(text)?.[1])
  }

  const body = new Uint8Array(encodeTraces(sampleTraces(10)))
  const headers = { 'Content-Type': 'application/x-protobuf' }
  for (let sent = 0; sent < 100; sent += 1) {
    const response = await fetch(`${url('OTLP/HTTP')}/v1/traces`, { method: 'POST', headers, body })
    expect(response.status).toBe(200)
  }
  await expect.poll(healthy.count, { timeout: 20_000 }).toBe(1000)
  expect(await figure('sent_spans', 'dead')).toBe(0)
  expect(await figure('queue_size', 'hanging')).toBeGreaterThan(0)

  const revived = counting()
  await serve(revived.handle, deadPort)
  await expect.poll(revived.count, { timeout: 20_000 }).toBe(1000)
  await expect.poll(() => figure('sent_spans', 'dead'), { timeout: 20_000 }).toBe(1000)
  expect(await figure('sent_spans', 'healthy')).toBe(1000)
  for (const id of ['healthy', 'dead'])
    expect([await figure('send_failed_spans', id), await figure('enqueue_failed_spans', id)]).toEqual([0, 0])
  await collector.shutdown()
})
