import { EventEmitter, once } from 'node:events'
import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2'
import { gzipSync } from 'node:zlib'
import { status } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { genericComponents } from '../../components.js'
import { encodeTraces } from '../../otlp/encode-traces.js'
import { retryDelayMs, STATUS_DETAILS } from '../../otlp/retry-info.js'
import { exportMethods } from '../../otlp/services.js'
import { runCollector, type RunningCollector } from '../../run.js'
import { memoryExporter, type MemoryExporter } from '../../testing/memory-exporter.js'
import { sampleTraces } from '../../testing/sample-traces.js'

const KIB = 1024
const MIB = 1024 * KIB

const memory: MemoryExporter = memoryExporter()
const sessions: ClientHttp2Session[] = []
let collector: RunningCollector
let url: string

/** Messages of at most 1 MiB, all calls together 2 MiB. */
beforeEach(async () => {
  collector = await runCollector({
    config: {
      receivers: {
        otlp: {
          protocols: {
            grpc: { endpoint: '127.0.0.1:0', max_recv_msg_size_mib: 1, max_buffered_bytes: 2 * MIB },
          },
        },
      },
      exporters: { memory: {} },
      service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['memory'] } } },
    },
    factories: [...genericComponents, memory.factory],
  })
  url = collector.endpoints[0]!.url
})

afterEach(async () => {
  memory.behaviour = () => undefined
  for (const session of sessions.splice(0)) session.destroy()
  await collector.shutdown()
})

interface Call {
  readonly stream: ClientHttp2Stream
  /** The headers or trailers that say how it ended. */
  readonly answer: Promise<IncomingHttpHeaders>
}

function open(session: ClientHttp2Session, headers: Record<string, string> = {}): Call {
  const stream = session.request({
    ':method': 'POST',
    ':path': exportMethods.traces.path,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...headers,
  })
  stream.resume()
  const answer = new Promise<IncomingHttpHeaders>((resolve, reject) => {
    stream.on('response', (head) => {
      if (head['grpc-status'] !== undefined || head[':status'] !== 200) resolve(head)
    })
    stream.on('trailers', resolve)
    stream.on('error', reject)
    stream.on('close', () => reject(new Error('the call ended without an answer')))
  })
  answer.catch(() => undefined)
  return { stream, answer }
}

function connection(): ClientHttp2Session {
  const session = connect(url, { maxSessionMemory: 1000 })
  session.on('error', () => undefined)
  sessions.push(session)
  return session
}

function framed(message: Buffer, { compressed = false, length = message.length } = {}): Buffer {
  const prefix = Buffer.alloc(5)
  prefix[0] = Number(compressed)
  prefix.writeUInt32BE(length, 1)
  return Buffer.concat([prefix, message])
}

async function send(body: Buffer, headers: Record<string, string> = {}): Promise<IncomingHttpHeaders> {
  const { stream, answer } = open(connection(), headers)
  stream.end(body)
  return await answer
}

const code = async (answer: Promise<IncomingHttpHeaders>): Promise<number> => Number((await answer)['grpc-status'])

/** A promise, and what fulfils it. */
function gate(): [Promise<void>, () => void] {
  const events = new EventEmitter()
  const opened = once(events, 'open').then(() => undefined)
  return [opened, () => void events.emit('open')]
}

/** A valid request of about this many bytes. */
function request(bytes: number): Buffer {
  const traces = sampleTraces(1)
  traces.resourceSpans[0]!.resource.attributes.push({ key: 'filling', value: { stringValue: 'x'.repeat(bytes) } })
  return framed(encodeTraces(traces))
}

describe('what calls hold at one time', () => {
  it('counts until they are answered; who finds no room is told to come again', async () => {
    const [released, release] = gate()
    const [bothThere, arrived] = gate()
    let held = 0
    memory.behaviour = () => {
      held += 1
      if (held === 2) arrived()
      return released
    }
    const first = [send(request(900 * KIB)), send(request(900 * KIB))]
    await bothThere

    const refused = await send(request(900 * KIB))
    expect(refused).toMatchObject({ 'grpc-status': String(status.UNAVAILABLE) })
    expect(decodeURI(String(refused['grpc-message']))).toBe('too many requests at once')
    expect(retryDelayMs(Buffer.from(String(refused[STATUS_DETAILS]), 'base64'))).toBe(1000)

    release()
    expect(await Promise.all(first.map(code))).toEqual([status.OK, status.OK])
    expect(await code(send(request(900 * KIB)))).toBe(status.OK)
  })

  it('counts of messages that are not there yet, on any connection, and no longer when they will never be', async () => {
    const partial = framed(Buffer.alloc(500 * KIB), { length: 900 * KIB })
    const calls = Array.from({ length: 8 }, () => open(connection()))
    for (const { stream } of calls) stream.write(partial)
    // Half of them find room and wait for their rest; the others hear that there is none.
    const refused = calls.map(({ answer }, index) => answer.then((head) => ({ head, index })))
    await Promise.any(refused)
    const there = new Set<number>()
    for (const call of refused) void call.then(({ index }) => there.add(index)).catch(() => undefined)
    await expect.poll(() => there.size, { timeout: 20_000 }).toBe(4)
    for (const index of there)
      expect(await calls[index]!.answer).toMatchObject({ 'grpc-status': String(status.UNAVAILABLE) })

    for (const { stream } of calls) stream.close(constants.NGHTTP2_CANCEL)
    // Its two neighbours leave room for one of this size when their bytes are let go.
    await expect.poll(() => code(send(request(900 * KIB))), { timeout: 20_000 }).toBe(status.OK)
  })

  it('counts what compressed ones unpack to, and bombs unpack a few at a time', async () => {
    const bomb = framed(gzipSync(Buffer.alloc(500 * MIB)), { compressed: true })
    const before = process.memoryUsage.rss()
    let peak = before
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5)
    const codes = await Promise.all(Array.from({ length: 40 }, () => code(send(bomb, { 'grpc-encoding': 'gzip' }))))
    clearInterval(watch)
    for (const found of codes) expect([status.RESOURCE_EXHAUSTED, status.UNAVAILABLE]).toContain(found)
    expect((peak - before) / MIB).toBeLessThan(300)

    const [released, release] = gate()
    const [bothThere, arrived] = gate()
    let held = 0
    memory.behaviour = () => {
      held += 1
      if (held === 2) arrived()
      return released
    }
    const packed = framed(gzipSync(request(900 * KIB).subarray(5)), { compressed: true })
    const first = [send(packed, { 'grpc-encoding': 'gzip' }), send(packed, { 'grpc-encoding': 'gzip' })]
    await bothThere
    expect(await code(send(packed, { 'grpc-encoding': 'gzip' }))).toBe(status.UNAVAILABLE)
    release()
    expect(await Promise.all(first.map(code))).toEqual([status.OK, status.OK])
  })
})

it('a refusal leaves its connection to the calls beside it', async () => {
  const session = connection()
  const tooLarge = framed(Buffer.alloc(3 * MIB))
  const valid = request(10)
  const calls = Array.from({ length: 100 }, (_, index) => {
    const { stream, answer } = open(session)
    stream.end(index % 10 === 9 ? valid : tooLarge)
    return code(answer)
  })
  const codes = await Promise.all(calls)
  for (const [index, found] of codes.entries())
    expect(found).toBe(index % 10 === 9 ? status.OK : status.RESOURCE_EXHAUSTED)
})

it('says what is wrong with a call that is no unary call of OTLP', async () => {
  const valid = request(10)
  expect(await code(send(Buffer.concat([valid, valid])))).toBe(status.UNIMPLEMENTED)
  expect(await code(send(Buffer.alloc(0)))).toBe(status.UNIMPLEMENTED)
  expect(await code(send(framed(Buffer.from('half'), { length: 8 })))).toBe(status.INTERNAL)
  const brotli = await send(framed(Buffer.from('x'), { compressed: true }), { 'grpc-encoding': 'br' })
  expect(brotli).toMatchObject({
    'grpc-status': String(status.UNIMPLEMENTED),
    'grpc-accept-encoding': 'identity,gzip,deflate',
  })
  const broken = framed(Buffer.from('no gzip'), { compressed: true })
  expect(await code(send(broken, { 'grpc-encoding': 'gzip' }))).toBe(status.INTERNAL)
  expect(await send(valid, { 'content-type': 'application/json' })).toMatchObject({ ':status': 415 })
})

it('a call under way when the collector stops is answered', async () => {
  const [released, release] = gate()
  const [there, arrived] = gate()
  memory.behaviour = () => {
    arrived()
    return released
  }
  const session = connection()
  const { stream, answer } = open(session)
  stream.end(request(10))
  await there
  const goingAway = once(session, 'goaway')
  const stopped = collector.shutdown()
  await goingAway
  release()
  expect(await code(answer)).toBe(status.OK)
  await stopped
})
