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

/** Runs with these exporters, and keeps what it logs. */
async function start(exporters: Record<string, object>, shutdownTimeoutMs: number) {
  const log: string[] = []
  const collector = await runCollector({
    config: {
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
      exporters,
      service: { pipelines: { traces: { receivers: ['otlp'], exporters: Object.keys(exporters) } } },
    },
    factories: genericComponents,
    logger: pino({ level: 'warn' }, { write: (line: string) => void log.push(line) }),
    shutdownTimeoutMs,
  })
  const figure = (name: string, id: string): number => {
    const pattern = new RegExp(`^otelcol_exporter_${name}{exporter="otlphttp/${id}"[^}]*} (.*)$`, 'm')
    return Number(pattern.exec(collector.metrics())?.[1])
  }
  /** Whatever becomes of a span, it is in one of these. */
  const figures = (id: string) => ({
    sent: figure('sent_spans', id),
    failed: figure('send_failed_spans', id),
    refused: figure('enqueue_failed_spans', id),
    dropped: figure('dropped_spans', id),
    pending: figure('pending_spans', id),
  })
  const body = new Uint8Array(encodeTraces(sampleTraces(10)))
  const send = async (): Promise<number> => {
    const headers = { 'Content-Type': 'application/x-protobuf' }
    const response = await fetch(`${collector.endpoints[0]!.url}/v1/traces`, { method: 'POST', headers, body })
    await response.arrayBuffer()
    return response.status
  }
  return { collector, figure, figures, send, log }
}

const none = { sent: 0, failed: 0, refused: 0, dropped: 0, pending: 0 }
const patience = { timeout: 20_000 }

/** A port that nothing listens on. */
async function closedPort(): Promise<number> {
  const port = await serve(() => undefined)
  const server = servers.pop()!
  await new Promise<void>((resolve) => void server.close(() => resolve()))
  return port
}

it('one exporter dead, one hanging, one healthy: the healthy one keeps up, the dead one catches up, every figure balances', async () => {
  const healthy = counting()
  const healthyPort = await serve(healthy.handle)
  const hangingPort = await serve(() => undefined)
  const deadPort = await closedPort()
  const { collector, figure, figures, send, log } = await start(
    {
      'otlphttp/healthy': exporter(healthyPort),
      'otlphttp/hanging': exporter(hangingPort, { timeout: '1h' }),
      'otlphttp/dead': exporter(deadPort),
    },
    2000,
  )

  for (let wave = 1; wave <= 10; wave += 1) {
    for (let sent = 0; sent < 10; sent += 1) expect(await send()).toBe(200)
    // As far as everything that has come in, while the others stand still.
    await expect.poll(healthy.count, patience).toBe(wave * 100)
  }
  expect(figure('queue_size', 'hanging')).toBe(90)
  expect([figures('hanging'), figures('dead')]).toEqual([
    { ...none, pending: 1000 },
    { ...none, pending: 1000 },
  ])

  const revived = counting()
  await serve(revived.handle, deadPort)
  await expect.poll(revived.count, patience).toBe(1000)
  await expect.poll(() => figures('dead'), patience).toEqual({ ...none, sent: 1000 })

  await collector.shutdown()
  expect(figures('healthy')).toEqual({ ...none, sent: 1000 })
  expect(figures('dead')).toEqual({ ...none, sent: 1000 })
  expect(figures('hanging')).toEqual({ ...none, dropped: 1000 })
  // The queue in one line, and each of the ten batches that were on their way.
  const dropped = log
    .map((line) => JSON.parse(line) as { component: string; msg: string; items: number })
    .filter(({ msg }) => msg.startsWith('dropped'))
  expect(new Set(dropped.map(({ component }) => component))).toEqual(new Set(['exporter/otlphttp/hanging']))
  expect(dropped.reduce((sum, { items }) => sum + items, 0)).toBe(1000)
})

it('what a full queue refuses is counted there, and reaches the healthy exporter all the same', async () => {
  const healthy = counting()
  const full = { timeout: '1h', sending_queue: { queue_size: 5, num_consumers: 1 } }
  const { collector, figures, send } = await start(
    {
      'otlphttp/healthy': exporter(await serve(healthy.handle)),
      'otlphttp/hanging': exporter(await serve(() => undefined), full),
    },
    1000,
  )
  const answers: number[] = []
  for (let sent = 0; sent < 20; sent += 1) answers.push(await send())
  // One is on its way, five wait; from then on senders are told to come again.
  expect(answers).toEqual([...Array<number>(6).fill(200), ...Array<number>(14).fill(503)])
  await expect.poll(healthy.count, patience).toBe(200)
  expect(figures('hanging')).toEqual({ ...none, pending: 60, refused: 140 })
  await collector.shutdown()
  expect(figures('hanging')).toEqual({ ...none, dropped: 60, refused: 140 })
  expect(figures('healthy')).toEqual({ ...none, sent: 200 })
})
