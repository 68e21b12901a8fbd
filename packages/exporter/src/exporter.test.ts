import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  McpcatSpanExporter,
  type McpcatSpanExporterOptions,
  McpcatSpanProcessor,
  type ProcessorStats,
} from './index.js'
import { TEST_CERTIFICATE } from './testing/certificate.js'
import { partialSuccess } from './testing/read-otlp.js'
import { accept, type Answer, deadPort, hang, Receiver, reset, status, until } from './testing/receiver.js'
import { traceCall, tracerFor } from './testing/spans.js'

/** Backoff that a test can wait for. */
const QUICK: McpcatSpanExporterOptions = { initialBackoffMillis: 1, maxBackoffMillis: 20 }

const closing: (() => Promise<unknown>)[] = []
const rejections: unknown[] = []
process.on('unhandledRejection', (reason) => rejections.push(reason))

afterEach(async () => {
  vi.useRealTimers()
  for (const close of closing.splice(0)) await close()
  expect(rejections).toEqual([])
})

async function receive(script: Answer[], options: { tls?: boolean; port?: number } = {}): Promise<Receiver> {
  const receiver = await Receiver.start(script, options)
  closing.push(() => receiver.close())
  return receiver
}

function setUp(options: McpcatSpanExporterOptions): {
  processor: McpcatSpanProcessor
  exporter: McpcatSpanExporter
  call: (times?: number) => void
} {
  const exporter = new McpcatSpanExporter({ ...QUICK, ...options })
  const processor = new McpcatSpanProcessor(exporter, { maxExportBatchSize: 10 })
  closing.push(() => processor.shutdown(200))
  const tracer = tracerFor(processor)
  return {
    exporter,
    processor,
    call: (times = 1) => {
      for (let i = 0; i < times; i++) traceCall(tracer)
    },
  }
}

const counts = ({ made, sent, dropped, queued, droppedBy }: ProcessorStats): unknown => ({
  made,
  sent,
  dropped,
  queued,
  droppedBy,
})

const drip: Answer = (_request, response) => {
  const timer = setInterval(() => response.write('x'), 5)
  response.on('close', () => clearInterval(timer))
}

/** Drives the waits between attempts by hand; sockets go on in real time. */
async function advanceUntil(millis: number, step: number, condition: () => boolean): Promise<number> {
  for (let passed = 0; passed < millis; passed += step) {
    // Time enough, on a busy machine too, for the compressing thread and the sockets to be done.
    const enough = process.hrtime.bigint() + 10_000_000n
    while (!condition() && process.hrtime.bigint() < enough) await new Promise((resolve) => setImmediate(resolve))
    if (condition()) return passed
    await vi.advanceTimersByTimeAsync(step)
  }
  return millis
}

describe('OTLP', () => {
  it('goes to /v1/traces as gzipped protobuf, with project, emitter and key', async () => {
    const receiver = await receive([accept])
    const { processor, call } = setUp({
      endpoint: `${receiver.url}/base/`,
      projectId: 'proj_1',
      apiKey: 'key',
      headers: { 'X-Team': 'a' },
    })
    call()
    await processor.forceFlush()
    expect(receiver.requests[0]).toMatchObject({
      url: '/base/v1/traces',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
        authorization: 'Bearer key',
        'x-team': 'a',
      },
    })
    expect(receiver.spans()).toMatchObject([
      {
        name: 'tools/call search',
        attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'search' },
        resource: {
          'service.name': 'inventory',
          'mcpcat.project.id': 'proj_1',
          'mcpcat.sdk.language': 'nodejs',
          'mcpcat.sdk.version': expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
        },
      },
    ])
  })

  it('keeps its connection', async () => {
    const receiver = await receive([accept])
    const { processor, call } = setUp({ endpoint: receiver.url })
    for (let i = 0; i < 5; i++) {
      call()
      await processor.forceFlush()
    }
    expect(receiver.requests).toHaveLength(5)
    expect(receiver.connections).toBe(1)
  })
})

describe('what is tried again', () => {
  it.each<[string, Answer]>([
    ['429', status(429)],
    ['502', status(502)],
    ['503', status(503)],
    ['504', status(504)],
    ['a reset', reset],
    [
      'an answer that breaks off',
      (_request, response, socket) => {
        response.writeHead(200, { 'content-length': '100' }).write('x')
        setImmediate(() => socket.destroy())
      },
    ],
    ['no HTTP', (_request, _response, socket) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
  ])('%s', async (_name, answer) => {
    const receiver = await receive([answer, answer, accept])
    const { processor, call } = setUp({ endpoint: receiver.url })
    call(3)
    await processor.forceFlush()
    expect(receiver.requests).toHaveLength(3)
    expect(receiver.spans()).toHaveLength(3)
    expect(counts(processor.stats())).toEqual({ made: 3, sent: 3, dropped: 0, queued: 0, droppedBy: {} })
  })

  it('a server that hangs, after it was cut', async () => {
    const receiver = await receive([hang, accept])
    const { processor, call } = setUp({ endpoint: receiver.url, timeoutMillis: 50 })
    call()
    await processor.forceFlush()
    expect(receiver.spans()).toHaveLength(1)
    await until(() => receiver.sockets.size === 1)
  })

  it('a server that drips, after it was cut', async () => {
    const receiver = await receive([drip, accept])
    const { processor, call } = setUp({ endpoint: receiver.url, timeoutMillis: 50 })
    call()
    await processor.forceFlush()
    expect(receiver.spans()).toHaveLength(1)
  })

  it('a receiver that is not there yet', async () => {
    const port = await deadPort()
    const { processor, call } = setUp({ endpoint: `http://127.0.0.1:${port}` })
    call(25)
    const flushed = processor.forceFlush()
    const receiver = await receive([accept], { port })
    await flushed
    expect(receiver.spans()).toHaveLength(25)
    expect(counts(processor.stats())).toEqual({ made: 25, sent: 25, dropped: 0, queued: 0, droppedBy: {} })
  })
})

describe('what is not tried again', () => {
  it.each([400, 401, 403, 404, 413, 500, 501])('%i, dropped as rejected', async (code) => {
    const receiver = await receive([status(code), accept])
    const { processor, call } = setUp({ endpoint: receiver.url })
    call(3)
    await processor.forceFlush()
    expect(receiver.requests).toHaveLength(1)
    expect(counts(processor.stats())).toEqual({ made: 3, sent: 0, dropped: 3, queued: 0, droppedBy: { rejected: 3 } })
  })

  it.each([301, 302, 307, 308])('a redirect (%i): content goes nowhere else', async (code) => {
    const elsewhere = await receive([accept])
    const receiver = await receive([status(code, { location: `${elsewhere.url}/v1/traces` })])
    const { processor, call } = setUp({ endpoint: receiver.url })
    call()
    await processor.forceFlush()
    expect(elsewhere.requests).toEqual([])
    expect(processor.stats().droppedBy).toEqual({ rejected: 1 })
  })

  it('a certificate that nobody vouches for; with its CA given, it is delivered', async () => {
    const receiver = await receive([accept], { tls: true })
    const distrustful = setUp({ endpoint: receiver.url })
    distrustful.call()
    await distrustful.processor.forceFlush()
    expect(distrustful.processor.stats().droppedBy).toEqual({ rejected: 1 })
    expect(receiver.requests).toEqual([])
    const trusting = setUp({ endpoint: receiver.url, tls: { ca: TEST_CERTIFICATE } })
    trusting.call()
    await trusting.processor.forceFlush()
    expect(receiver.spans()).toHaveLength(1)
  })

  it('TLS spoken to a server without it', async () => {
    const receiver = await receive([accept])
    const { processor, call } = setUp({ endpoint: receiver.url.replace('http:', 'https:') })
    call()
    await processor.forceFlush()
    expect(processor.stats().droppedBy).toEqual({ rejected: 1 })
  })
})

describe('what counts as delivered', () => {
  it('a 200 with a partial success, but for what was rejected', async () => {
    const receiver = await receive([status(200, {}, partialSuccess(2, 'too old'))])
    const { processor, call } = setUp({ endpoint: receiver.url })
    call(5)
    await processor.forceFlush()
    expect(receiver.requests).toHaveLength(1)
    expect(counts(processor.stats())).toEqual({ made: 5, sent: 3, dropped: 2, queued: 0, droppedBy: { rejected: 2 } })
  })

  it.each([
    ['garbage', Buffer.from('hello, this is no protobuf')],
    ['an endless page', Buffer.alloc(1_000_000, 'x')],
    ['more rejected than were sent', Buffer.from(partialSuccess(1e9, 'x'))],
  ])('a 200 with %s leaves the counts consistent', async (_name, body) => {
    const receiver = await receive([status(200, {}, body)])
    const { processor, call } = setUp({ endpoint: receiver.url })
    call(3)
    await processor.forceFlush()
    const { made, sent, dropped } = processor.stats()
    expect(made).toBe(3)
    expect(sent + dropped).toBe(3)
    expect(receiver.requests).toHaveLength(1)
  })
})

describe('time', () => {
  it.each([
    ['seconds', () => '120', 120_000],
    ['a date', () => new Date(Date.now() + 120_000).toUTCString(), 120_000],
  ])('Retry-After as %s is waited for, by every batch', async (_kind, header, millis) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const receiver = await receive([status(429, { 'retry-after': header() }), accept])
    const { processor, exporter, call } = setUp({ endpoint: receiver.url, timeoutMillis: 1e9 })
    call(10)
    await advanceUntil(1, 1, () => receiver.requests.length === 1)
    call(10)
    const waited = await advanceUntil(millis + 10_000, 1000, () => receiver.spans().length === 20)
    expect(waited).toBeGreaterThanOrEqual(millis - 2000)
    expect(waited).toBeLessThan(millis + 10_000)
    await advanceUntil(1, 1, () => processor.stats().sent === 20)
    await exporter.shutdown()
  })

  it('a batch is given up after maxAgeMillis', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
    const receiver = await receive([status(503)])
    const options = { endpoint: receiver.url, initialBackoffMillis: 1000, maxBackoffMillis: 30_000, timeoutMillis: 1e9 }
    const { processor, exporter, call } = setUp(options)
    call(10)
    const waited = await advanceUntil(400_000, 1000, () => processor.stats().dropped === 10)
    expect(waited).toBeLessThanOrEqual(330_000)
    // Full jitter around 15 s on average: some dozens of attempts, not two and not thousands.
    expect(receiver.requests.length).toBeGreaterThan(8)
    expect(receiver.requests.length).toBeLessThan(150)
    expect(counts(processor.stats())).toEqual({ made: 10, sent: 0, dropped: 10, queued: 0, droppedBy: { expired: 10 } })
    await exporter.shutdown()
  })
})

describe('the end', () => {
  it.each<[string, Answer]>([
    ['hangs', hang],
    ['fails', status(503)],
    ['resets', reset],
  ])('comes in time when the receiver %s, and everything is counted', async (_name, answer) => {
    const receiver = await receive([answer])
    const { processor, call } = setUp({ endpoint: receiver.url })
    call(35)
    await processor.shutdown(300)
    expect(counts(processor.stats())).toEqual({
      made: 35,
      sent: 0,
      dropped: 35,
      queued: 0,
      droppedBy: { shutdown: 35 },
    })
  })

  it('delivers what waits, when the receiver answers', async () => {
    const receiver = await receive([accept])
    const { processor, call } = setUp({ endpoint: receiver.url })
    call(35)
    await processor.shutdown()
    expect(receiver.spans()).toHaveLength(35)
  })

  it('does not wait for sockets that never connect', async () => {
    const sockets = new Set<Socket>()
    const server: Server = createServer((socket) => void sockets.add(socket.pause()))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    })
    const { port } = server.address() as { port: number }
    const { processor, call } = setUp({ endpoint: `https://127.0.0.1:${port}` })
    call()
    await processor.shutdown(100)
    expect(processor.stats().droppedBy).toEqual({ shutdown: 1 })
  })
})

describe('options', () => {
  it('come from the environment where the code gives none', async () => {
    const receiver = await receive([accept])
    vi.stubEnv('MCPCAT_ENDPOINT', receiver.url)
    vi.stubEnv('MCPCAT_PROJECT_ID', 'proj_env')
    vi.stubEnv('MCPCAT_API_KEY', 'key_env')
    const { processor, call } = setUp({})
    vi.unstubAllEnvs()
    call()
    await processor.forceFlush()
    expect(receiver.requests[0]?.headers.authorization).toBe('Bearer key_env')
    expect(receiver.spans()[0]?.resource['mcpcat.project.id']).toBe('proj_env')
  })

  it('are refused when they name no receiver or make no sense', () => {
    expect(() => new McpcatSpanExporter({})).toThrow(/endpoint/)
    expect(() => new McpcatSpanExporter({ endpoint: 'collector:4318' })).toThrow(/http or https URL/)
    expect(() => new McpcatSpanExporter({ endpoint: 'http://x', timeoutMillis: -1 })).toThrow(RangeError)
  })
})
