import { request } from 'node:https'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js'
import { afterEach, describe, expect, it } from 'vitest'
import { genericComponents } from '../../components.js'
import { PermanentError, RetryableError } from '../../errors.js'
import { otlpExporter } from '../../exporters/otlp/factory.js'
import { encodeTraces } from '../../otlp/encode-traces.js'
import { retryDelayMs, STATUS_DETAILS } from '../../otlp/retry-info.js'
import { exportMethods } from '../../otlp/services.js'
import { runCollector, type RunningCollector } from '../../run.js'
import { testContext, testHost } from '../../testing/context.js'
import { memoryExporter, type MemoryExporter } from '../../testing/memory-exporter.js'
import { sampleTraces } from '../../testing/sample-traces.js'

const testdata = join(import.meta.dirname, 'testdata')
const tls = { cert_file: join(testdata, 'cert.pem'), key_file: join(testdata, 'key.pem') }
const memory: MemoryExporter = memoryExporter()
const running: RunningCollector[] = []

afterEach(async () => {
  memory.behaviour = () => undefined
  for (const collector of running.splice(0)) await collector.shutdown()
})

/** @returns The URLs of what it serves. */
async function start(otlp: object): Promise<string[]> {
  const collector = await runCollector({
    config: {
      receivers: { otlp },
      exporters: { memory: {} },
      service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['memory'] } } },
    },
    factories: [...genericComponents, memory.factory],
  })
  running.push(collector)
  return collector.endpoints.map(({ url }) => url)
}

const loopback = { endpoint: '127.0.0.1:0' }

/** grpc-js's number for gzip. */
const GZIP = 2

/** One call, as any gRPC client makes it. */
function call(
  url: string,
  message: Buffer,
  headers: Record<string, string> = {},
  { path = exportMethods.traces.path, compression = 0 } = {},
): Promise<ServiceError | undefined> {
  const options = { 'grpc.default_compression_algorithm': compression }
  const client = new Client(new URL(url).host, credentials.createInsecure(), options)
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  const { requestSerialize, responseDeserialize } = exportMethods.traces
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, metadata, (error) => {
      client.close()
      resolve(error ?? undefined)
    })
  })
}

describe('OTLP/gRPC', () => {
  it('says what a sender is to do', async () => {
    const [url = ''] = await start({ protocols: { grpc: { ...loopback, max_recv_msg_size_mib: 1 } } })
    expect(await call(url, encodeTraces(sampleTraces(1)))).toBeUndefined()
    expect(await call(url, Buffer.alloc(0))).toBeUndefined()
    expect((await call(url, Buffer.from('nonsense')))?.code).toBe(status.INVALID_ARGUMENT)
    expect((await call(url, Buffer.alloc(2 * 1024 * 1024)))?.code).toBe(status.RESOURCE_EXHAUSTED)

    memory.behaviour = () => Promise.reject(new PermanentError('never'))
    expect(await call(url, encodeTraces(sampleTraces(1)))).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'never',
    })
    memory.behaviour = () => Promise.reject(new RetryableError('not now', { retryAfterMs: 2500 }))
    const refused = await call(url, encodeTraces(sampleTraces(1)))
    expect(refused).toMatchObject({ code: status.UNAVAILABLE, details: 'not now' })
    expect(retryDelayMs(refused!.metadata.get(STATUS_DETAILS)[0] as Buffer)).toBe(2500)
  })

  it('takes gzip, and counts what it decompresses to', async () => {
    const [url = ''] = await start({ protocols: { grpc: { ...loopback, max_recv_msg_size_mib: 1 } } })
    const before = memory.spans.length
    expect(await call(url, encodeTraces(sampleTraces(3)), {}, { compression: GZIP })).toBeUndefined()
    expect(memory.spans.length - before).toBe(3)
    const bomb = await call(url, Buffer.alloc(50 * 1024 * 1024), {}, { compression: GZIP })
    expect(bomb?.code).toBe(status.RESOURCE_EXHAUSTED)
    expect(await call(url, encodeTraces(sampleTraces(1)))).toBeUndefined()
  })

  it('knows its own service and method alone', async () => {
    const [url = ''] = await start({ protocols: { grpc: loopback } })
    const { path } = exportMethods.traces
    for (const other of [path.replace('Export', 'Import'), '/some.Service/Export', exportMethods.metrics.path])
      expect((await call(url, Buffer.alloc(0), {}, { path: other }))?.code).toBe(status.UNIMPLEMENTED)
  })

  it('wants an ingest key where there are any, and gives its spans to the project', async () => {
    const [url = ''] = await start({
      protocols: { grpc: loopback },
      ingest_keys: [{ key: 'key-of-one', project: 'proj_one' }],
    })
    const body = encodeTraces(sampleTraces(1))
    expect((await call(url, body))?.code).toBe(status.UNAUTHENTICATED)
    expect((await call(url, body, { authorization: 'Bearer nonsense' }))?.code).toBe(status.UNAUTHENTICATED)
    expect(await call(url, body, { authorization: 'Bearer key-of-one' })).toBeUndefined()
    expect(memory.batches.at(-1)?.resourceSpans[0]?.resource.attributes).toContainEqual({
      key: 'mcpcat.project.id',
      value: { stringValue: 'proj_one' },
    })
  })

  it('says in one line that its port is in use', async () => {
    const [url = ''] = await start({ protocols: { grpc: loopback } })
    const { host, port } = new URL(url)
    await expect(start({ protocols: { grpc: { endpoint: host } } })).rejects.toThrow(
      `receivers.otlp.protocols.grpc.endpoint: port ${port} on 127.0.0.1 is in use`,
    )
  })
})

describe('TLS', () => {
  it('guards gRPC and HTTP', async () => {
    const [grpc = '', http = ''] = await start({
      protocols: { grpc: { ...loopback, tls }, http: { ...loopback, tls } },
    })
    expect([grpc, http]).toEqual([expect.stringMatching(/^https:/), expect.stringMatching(/^https:/)])
    const config = { endpoint: grpc, tls: { ca_file: tls.cert_file }, sending_queue: { enabled: false } }
    const exporter = otlpExporter.create(otlpExporter.configSchema.parse(config), testContext('otlp'))
    const before = memory.spans.length
    await exporter.start?.(testHost())
    await exporter.consumeTraces(sampleTraces(2))
    await exporter.shutdown?.()
    expect(await postOverTls(`${http}/v1/traces`, encodeTraces(sampleTraces(3)))).toBe(200)
    expect(memory.spans.length - before).toBe(5)
  })

  it('names the setting whose file cannot be read', async () => {
    const broken = { ...tls, key_file: join(testdata, 'no-such.pem') }
    await expect(start({ protocols: { http: { ...loopback, tls: broken } } })).rejects.toThrow(
      `receivers.otlp.protocols.http.tls.key_file: cannot read ${broken.key_file}`,
    )
  })
})

function postOverTls(url: string, body: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Length': body.length }
    request(url, { method: 'POST', headers, ca: readFileSync(tls.cert_file), agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .once('error', reject)
      .end(body)
  })
}
