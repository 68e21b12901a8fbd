import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { genericComponents } from '../../components.js'
import { PermanentError, RetryableError } from '../../errors.js'
import { encodeTraces } from '../../otlp/encode-traces.js'
import { tracesToJson } from '../../otlp/json-traces.js'
import { runCollector, type RunningCollector } from '../../run.js'
import { memoryExporter, type MemoryExporter } from '../../testing/memory-exporter.js'
import { sampleTraces } from '../../testing/sample-traces.js'
import { oracleStatus } from '../../conformance/trace-service-proto.js'

let memory: MemoryExporter
let collector: RunningCollector
let url: string

async function run(otlp: object): Promise<RunningCollector> {
  memory = memoryExporter()
  return runCollector({
    config: {
      receivers: { otlp },
      exporters: { memory: {} },
      service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['memory'] } } },
    },
    factories: [...genericComponents, memory.factory],
  })
}

async function start(settings: object = {}, others: object = {}): Promise<void> {
  collector = await run({ protocols: { http: { endpoint: '127.0.0.1:0', ...settings } }, ...others })
  url = `${collector.endpoints[0]!.url}/v1/traces`
}

beforeEach(() => start())
afterEach(() => collector.shutdown())

const PROTOBUF = { 'Content-Type': 'application/x-protobuf' }
const JSON_TYPE = { 'Content-Type': 'application/json' }

async function post(body: Uint8Array | string, headers: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body), headers })
}

describe('a valid request', () => {
  it('in protobuf gets an empty ExportTraceServiceResponse in protobuf', async () => {
    const response = await post(encodeTraces(sampleTraces(3)), PROTOBUF)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/x-protobuf')
    expect(await response.bytes()).toHaveLength(0)
    expect(memory.batches).toEqual([sampleTraces(3)])
  })

  it('in JSON gets one in JSON', async () => {
    const response = await post(JSON.stringify(tracesToJson(sampleTraces(3))), {
      'Content-Type': 'application/json; charset=utf-8',
    })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({})
    expect(memory.batches).toEqual([sampleTraces(3)])
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['zstd', zstdCompressSync],
  ])('may be compressed with %s', async (encoding, compress) => {
    const response = await post(compress(encodeTraces(sampleTraces(5))), { ...PROTOBUF, 'Content-Encoding': encoding })
    expect(response.status).toBe(200)
    expect(memory.spans).toHaveLength(5)
  })

  it('without spans is accepted and goes nowhere', async () => {
    expect((await post('', PROTOBUF)).status).toBe(200)
    expect((await post('{}', JSON_TYPE)).status).toBe(200)
    expect(memory.batches).toHaveLength(0)
  })
})

describe('a wrong request', () => {
  it('gets a google.rpc.Status in its own encoding', async () => {
    const protobuf = await post('no protobuf', PROTOBUF)
    expect(protobuf.status).toBe(400)
    expect(protobuf.headers.get('content-type')).toBe('application/x-protobuf')
    expect(oracleStatus.toObject(oracleStatus.decode(await protobuf.bytes()))).toMatchObject({
      code: 3,
      message: expect.any(String) as string,
    })
    const json = await post('{', JSON_TYPE)
    expect(json.status).toBe(400)
    expect(await json.json()).toEqual({ code: 3, message: 'not valid JSON' })
  })

  it('is refused by method, path, type and encoding', async () => {
    const get = await fetch(url)
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(`${url}/x`, { method: 'POST' })).status).toBe(404)
    const metrics = await fetch(url.replace('traces', 'metrics'), { method: 'POST', body: '{}', headers: JSON_TYPE })
    expect([metrics.status, await metrics.json()]).toEqual([
      404,
      { code: 5, message: expect.stringContaining('no pipeline takes metrics') as string },
    ])
    expect((await post('{}', { 'Content-Type': 'text/plain' })).status).toBe(415)
    const brotli = await post('{}', { ...JSON_TYPE, 'Content-Encoding': 'br' })
    expect([brotli.status, brotli.headers.get('accept-encoding')]).toEqual([415, 'gzip, deflate, zstd'])
    expect((await post('{}', { ...JSON_TYPE, 'Content-Encoding': 'gzip' })).status).toBe(400)
  })
})

describe('the size limit', () => {
  beforeEach(async () => {
    await collector.shutdown()
    await start({ max_request_body_size: 10_000 })
  })

  it('holds on the wire and after decompression', async () => {
    expect((await post(Buffer.alloc(10_001), PROTOBUF)).status).toBe(413)
    const bomb = gzipSync(Buffer.alloc(10_000_000))
    expect((await post(bomb.subarray(0), { ...PROTOBUF, 'Content-Encoding': 'gzip' })).status).toBe(413)
    expect((await post(encodeTraces(sampleTraces(1)), PROTOBUF)).status).toBe(200)
  })

  it('holds without a Content-Length', async () => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n${' '.repeat(20_000)}\r\n`,
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /)
    socket.destroy()
  })
})

describe('a pipeline that refuses', () => {
  it('for good is 400, for now is 503 with Retry-After', async () => {
    memory.behaviour = () => Promise.reject(new PermanentError('no use'))
    expect((await post(encodeTraces(sampleTraces()), PROTOBUF)).status).toBe(400)
    memory.behaviour = () => Promise.reject(new RetryableError('disk full', { retryAfterMs: 4200 }))
    const full = await post(JSON.stringify(tracesToJson(sampleTraces())), JSON_TYPE)
    expect([full.status, full.headers.get('retry-after'), await full.json()]).toEqual([
      503,
      '5',
      { code: 14, message: 'disk full' },
    ])
    memory.behaviour = () => Promise.reject(new Error('secret path /x'))
    const broken = await post(JSON.stringify(tracesToJson(sampleTraces())), JSON_TYPE)
    expect(broken.status).toBe(503)
    expect(await broken.text()).not.toContain('secret')
  })
})

const project = () =>
  memory.batches.at(-1)?.resourceSpans[0]?.resource.attributes.find(({ key }) => key === 'mcpcat.project.id')?.value
    .stringValue

describe('ingest keys', () => {
  const keys = { ingest_keys: [{ key: 'key-of-one', project: 'proj_one' }, { key: 'key-of-all' }] }
  it('are needed once there are any, and decide the project', async () => {
    await collector.shutdown()
    await start({}, keys)
    const body = encodeTraces(sampleTraces())
    const refused = await post(body, PROTOBUF)
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect((await post(body, { ...PROTOBUF, Authorization: 'Bearer key-of-onf' })).status).toBe(401)
    expect((await post(body, { ...PROTOBUF, Authorization: 'Bearer key-of-one' })).status).toBe(200)
    expect(project()).toBe('proj_one')
    expect((await post(body, { ...PROTOBUF, Authorization: 'bearer key-of-all' })).status).toBe(200)
    expect(project()).toBeUndefined()
  })

  it('are demanded where others can reach the endpoint', async () => {
    const open = { protocols: { http: { endpoint: '0.0.0.0:0' } } }
    await expect(run(open)).rejects.toThrow(
      /^receivers\.otlp\.protocols\.http\.endpoint: 0\.0\.0\.0:0 can be reached .* receivers\.otlp\.ingest_keys/,
    )
    const guarded = await run({ ...open, ...keys })
    await guarded.shutdown()
  })
})

it('says in one line that a port is in use', async () => {
  const { port } = new URL(url)
  await expect(run({ protocols: { http: { endpoint: `127.0.0.1:${port}` } } })).rejects.toThrow(
    `receivers.otlp.protocols.http.endpoint: port ${port} on 127.0.0.1 is in use; stop what listens there, or choose another with --set receivers.otlp.protocols.http.endpoint=127.0.0.1:${Number(port) + 1}`,
  )
})

it('answers what is under way before it stops, and takes nothing new', async () => {
  const gate = new EventEmitter()
  const released = once(gate, 'open').then(() => undefined)
  const reached = new Promise<void>((resolve) => {
    memory.behaviour = () => {
      resolve()
      return released
    }
  })
  const answer = post(encodeTraces(sampleTraces()), PROTOBUF)
  await reached
  const stopped = collector.shutdown()
  gate.emit('open')
  expect((await answer).status).toBe(200)
  await stopped
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

it('answers 429 when more comes at once than it may hold, and goes on', async () => {
  await collector.shutdown()
  await start({ max_buffered_bytes: 10_000 })
  const { hostname, port } = new URL(url)
  const head = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n'
  // One sender stops in the middle; what it has sent so far is held.
  const slow = connect(Number(port), hostname)
  slow.on('error', () => undefined)
  slow.write(head + ' '.repeat(8000))
  const other = Buffer.alloc(8000, ' ')
  await expect.poll(async () => (await post(other, JSON_TYPE)).status, { timeout: 20_000 }).toBe(429)
  // It goes away, and its share with it.
  slow.destroy()
  await expect.poll(async () => (await post(other, JSON_TYPE)).status, { timeout: 20_000 }).toBe(400)
  expect((await post(encodeTraces(sampleTraces(1)), PROTOBUF)).status).toBe(200)
})
