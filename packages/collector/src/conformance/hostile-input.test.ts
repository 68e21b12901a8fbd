import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { genericComponents } from '../components.js'
import { decodeTraces } from '../otlp/decode-traces.js'
import { encodeTraces } from '../otlp/encode-traces.js'
import { parseTraces, tracesToJson } from '../otlp/json-traces.js'
import { MalformedError } from '../otlp/wire-reader.js'
import { runCollector, type RunningCollector } from '../run.js'
import { memoryExporter, type MemoryExporter } from '../testing/memory-exporter.js'
import { mutate, randomNumbers } from '../testing/mutations.js'
import { sampleTraces } from '../testing/sample-traces.js'

const MIB = 1024 * 1024
let memory: MemoryExporter
let collector: RunningCollector
let url: string

beforeAll(async () => {
  memory = memoryExporter()
  collector = await runCollector({
    config: {
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0', max_request_body_size: MIB } } } },
      exporters: { memory: {} },
      service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['memory'] } } },
    },
    factories: [...genericComponents, memory.factory],
  })
  url = `${collector.endpoints[0]!.url}/v1/traces`
})
afterAll(() => collector.shutdown())

const post = (body: Uint8Array, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'Content-Type': 'application/x-protobuf', ...headers },
  })

async function validTrafficFlows(): Promise<void> {
  expect((await post(encodeTraces(sampleTraces(1)))).status).toBe(200)
}

it('100,000 mutated requests are decoded or refused, and nothing else happens', () => {
  const valid = encodeTraces(sampleTraces(3))
  const json = Buffer.from(JSON.stringify(tracesToJson(sampleTraces(1))))
  const random = randomNumbers(42)
  let refused = 0
  for (let round = 0; round < 100_000; round += 1) {
    const asJson = round % 5 === 0
    let bytes: Buffer = Buffer.from(asJson ? json : valid)
    for (let times = 1 + random(3); times > 0 && bytes.length > 0; times -= 1) bytes = mutate(bytes, random)
    try {
      if (asJson) parseTraces(bytes.toString('utf8'))
      else decodeTraces(bytes)
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error
      refused += 1
    }
  }
  expect(refused).toBeGreaterThan(10_000)
})

it('over the wire they get 200 or 400, while valid traffic flows', async () => {
  const valid = encodeTraces(sampleTraces(2))
  const random = randomNumbers(7)
  const statuses = new Set<number>()
  for (let round = 0; round < 1000; round += 1) {
    const mutated = mutate(Buffer.from(valid), random)
    const response = await post(mutated)
    statuses.add(response.status)
    await response.body?.cancel()
    if (round % 100 === 0) await validTrafficFlows()
  }
  expect([...statuses].toSorted((a, b) => a - b)).toEqual([200, 400])
})

it('values nested without end are refused without using up the stack', async () => {
  const depth = 20_000
  let value = Buffer.alloc(0)
  const parts: Buffer[] = []
  // Built from the inside: each level is an array value with one element.
  let length = 0
  for (let level = 0; level < depth; level += 1) {
    const inner = Buffer.concat([Buffer.from([0x0a]), varint(length)])
    const outer = Buffer.concat([Buffer.from([0x2a]), varint(length + inner.length)])
    parts.push(Buffer.concat([outer, inner]))
    length += outer.length + inner.length
  }
  value = Buffer.concat(parts.toReversed())
  const attribute = wrap(0x0a, wrap(0x12, value))
  const response = await post(wrap(0x0a, wrap(0x0a, attribute)))
  expect(response.status).toBe(400)
  const nested = `{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":${'{"arrayValue":{"values":['.repeat(5000)}${']}}'.repeat(5000)}}]}}]}`
  expect((await post(Buffer.from(nested), { 'Content-Type': 'application/json' })).status).toBe(400)
  await validTrafficFlows()
})

it('requests of little but empty messages are refused before they fill the memory', async () => {
  // Two bytes a span on the wire, hundreds in memory; compressed, a thousandth of that.
  const spans = Buffer.alloc(MIB - 100, Buffer.from([0x12, 0]))
  const protobuf = gzipSync(wrap(0x0a, wrap(0x12, spans)))
  const json = gzipSync(`{"resourceSpans":[{"scopeSpans":[{"spans":[${'{},'.repeat(300_000)}{}]}]}]}`)
  const lists = gzipSync('['.repeat(MIB - 100))
  for (const [body, type] of [
    [protobuf, 'application/x-protobuf'],
    [json, 'application/json'],
    [lists, 'application/json'],
  ] as const) {
    const response = await post(body, { 'Content-Type': type, 'Content-Encoding': 'gzip' })
    expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(/empty or tiny/) as string])
  }
  await validTrafficFlows()
})

it('compressed bombs are refused with 413, many at a time, within bounded memory', async () => {
  const bombs = [gzipSync(Buffer.alloc(500 * MIB)), deflateSync(Buffer.alloc(200 * MIB))]
  const before = process.memoryUsage.rss()
  let peak = before
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5)
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      post(bombs[index % 2]!, { 'Content-Encoding': index % 2 === 0 ? 'gzip' : 'deflate' }),
    ),
  )
  clearInterval(watch)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]))
  expect((peak - before) / MIB).toBeLessThan(300)
  await validTrafficFlows()
})

it('half-open and idle connections, and headers without end, keep nobody out', async () => {
  const { hostname, port } = new URL(url)
  const sockets: Socket[] = []
  const open = async (text: string): Promise<Socket> => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    sockets.push(socket)
    await once(socket, 'connect')
    socket.write(text)
    return socket
  }
  for (let batch = 0; batch < 20; batch += 1) {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        open(index % 2 === 0 ? '' : 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf'),
      ),
    )
  }
  await validTrafficFlows()
  const large = await open(`POST /v1/traces HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(40_000)}\r\n\r\n`)
  const [answer] = (await once(large, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 431 /)
  await validTrafficFlows()
  for (const socket of sockets) socket.destroy()
})

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  return Buffer.from([...bytes, rest])
}

function wrap(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), varint(content.length), content])
}
