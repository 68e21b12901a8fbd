import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { genericComponents } from '../../components.js'
import { connectRaw, rawRequest, type RawConnection } from '../../conformance/raw-connection.js'
import { encodeTraces } from '../../otlp/encode-traces.js'
import { runCollector, type RunningCollector } from '../../run.js'
import { memoryExporter, type MemoryExporter } from '../../testing/memory-exporter.js'
import { sampleTraces } from '../../testing/sample-traces.js'

const MIB = 1024 * 1024
const body = encodeTraces(sampleTraces(2))
const PROTOBUF = { 'Content-Type': 'application/x-protobuf' }

let memory: MemoryExporter
let collector: RunningCollector
let url: string
let connection: RawConnection

beforeEach(async () => {
  memory = memoryExporter()
  collector = await runCollector({
    config: {
      receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } },
      exporters: { memory: {} },
      service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['memory'] } } },
    },
    factories: [...genericComponents, memory.factory],
  })
  url = collector.endpoints[0]!.url
  connection = await connectRaw(url)
})
afterEach(async () => {
  connection.socket.destroy()
  await collector.shutdown()
})

const valid = rawRequest({ ...PROTOBUF, 'Content-Length': body.length }, body)
const post = (bytes: Uint8Array, headers: Record<string, string>): Promise<Response> =>
  fetch(`${url}/v1/traces`, { method: 'POST', body: new Uint8Array(bytes), headers })

describe('on one connection', () => {
  it('a refusal is followed by a success', async () => {
    connection.write(rawRequest({ ...PROTOBUF, 'Content-Length': 3 }, Buffer.from('\u0001\u0002\u0003')))
    expect(await connection.statuses(1)).toEqual([400])
    connection.write(valid)
    expect(await connection.statuses(2)).toEqual([400, 200])
    expect(memory.spans).toHaveLength(2)
  })

  it('requests in one breath are answered in order, and what is no HTTP ends it', async () => {
    connection.write(Buffer.concat([valid, rawRequest({ 'Content-Length': 0 }), valid]))
    expect(await connection.statuses(3)).toEqual([200, 415, 200])
    expect(memory.spans).toHaveLength(4)
    connection.write('no HTTP at all\r\n\r\n')
    await connection.closed
    expect(await connection.statuses(4)).toEqual([200, 415, 200, 400])
  })

  it('a body may wait for 100 Continue', async () => {
    connection.write(rawRequest({ ...PROTOBUF, 'Content-Length': body.length, Expect: '100-continue' }))
    expect(await connection.statuses(1)).toEqual([100])
    connection.write(body)
    expect(await connection.statuses(2)).toEqual([100, 200])
  })

  it('a body may come in chunks, with trailers, or be none', async () => {
    const half = body.subarray(0, 100)
    const rest = body.subarray(100)
    connection.write(rawRequest({ ...PROTOBUF, 'Transfer-Encoding': 'chunked' }))
    for (const chunk of [half, rest])
      connection.write(Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]))
    connection.write('0\r\nX-Trailer: 1\r\n\r\n')
    expect(await connection.statuses(1)).toEqual([200])
    connection.write(rawRequest({ ...PROTOBUF, 'Transfer-Encoding': 'chunked' }, Buffer.from('0\r\n\r\n')))
    expect(await connection.statuses(2)).toEqual([200, 200])
    expect(memory.batches).toEqual([sampleTraces(2)])
  })

  it('two lengths, or a length beside chunks, are refused: what comes behind could be smuggled', async () => {
    connection.write(
      rawRequest({ ...PROTOBUF, 'Content-Length': 5, 'Transfer-Encoding': 'chunked' }, Buffer.from('0\r\n\r\n')),
    )
    await connection.closed
    expect(await connection.statuses(1)).toEqual([400])
    expect(memory.batches).toEqual([])
  })
})

describe('headers', () => {
  it('may have parameters and be written in any case', async () => {
    for (const type of ['Application/X-Protobuf', 'application/x-protobuf;messageType="x"; a=b'])
      expect((await post(body, { 'Content-Type': type })).status).toBe(200)
    expect((await post(gzipSync(body), { ...PROTOBUF, 'Content-Encoding': 'GZIP' })).status).toBe(200)
    expect((await post(body, { ...PROTOBUF, 'Content-Encoding': 'identity' })).status).toBe(200)
    expect((await post(gzipSync(body), { ...PROTOBUF, 'Content-Encoding': 'gzip, gzip' })).status).toBe(415)
    expect((await post(body, { 'Content-Type': 'application/x-protobufx' })).status).toBe(415)
  })

  it('of a refusal say what is allowed, in the encoding of the request', async () => {
    const put = await fetch(`${url}/v1/traces`, {
      method: 'PUT',
      body: '{}',
      headers: { 'Content-Type': 'application/json' },
    })
    expect([put.status, put.headers.get('allow'), await put.json()]).toEqual([
      405,
      'POST',
      { code: 12, message: 'use POST' },
    ])
    const elsewhere = await fetch(`${url}/`, { method: 'POST', body: new Uint8Array(body), headers: PROTOBUF })
    expect([elsewhere.status, elsewhere.headers.get('content-type')]).toEqual([404, 'application/x-protobuf'])
  })
})

describe('without settings', () => {
  it('64 MiB after decompression are taken, and not one byte more', async () => {
    // Zeros are no request: what gets as far as the decoder is 400.
    const gzip = { ...PROTOBUF, 'Content-Encoding': 'gzip' }
    expect((await post(gzipSync(Buffer.alloc(64 * MIB)), gzip)).status).toBe(400)
    expect((await post(gzipSync(Buffer.alloc(64 * MIB + 1)), gzip)).status).toBe(413)
  })
})
