import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate, type GenerateResult } from 'selfsigned'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Component, Exporter, ExporterFactory } from '../component.js'
import { otlpReceiver } from '../receivers/otlp/factory.js'
import { testContext, testHost } from '../testing/context.js'
import { recordingConsumer } from '../testing/recording-consumer.js'
import { sampleTraces } from '../testing/sample-traces.js'
import { otlpExporter } from './otlp/factory.js'
import { otlpHttpExporter } from './otlphttp/factory.js'

/** PEM files of one authority and of what it has signed. */
interface Files {
  readonly ca_file: string
  readonly server: { cert_file: string; key_file: string }
  /** For a name that is not the server's address. */
  readonly elsewhere: { cert_file: string; key_file: string }
  readonly client: { cert_file: string; key_file: string }
}

let folder: string
let files: Files
const running: Component[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-tls-'))
  const authority = await generate([{ name: 'commonName', value: 'authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true },
    ],
  })
  const [server, elsewhere, client] = await Promise.all([
    signed(authority, 'localhost', [
      { type: 2, value: 'localhost' },
      { type: 7, ip: '127.0.0.1' },
    ]),
    signed(authority, 'collector.example', [{ type: 2, value: 'collector.example' }]),
    signed(authority, 'sender', [{ type: 2, value: 'sender' }]),
  ])
  files = {
    ca_file: await write('ca.pem', authority.cert),
    server: await pair('server', server),
    elsewhere: await pair('elsewhere', elsewhere),
    client: await pair('client', client),
  }
})
afterEach(async () => {
  for (const component of running.splice(0).toReversed()) await component.shutdown?.()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

type AltNames = { type: 2 | 7; value?: string; ip?: string }[]

function signed(authority: GenerateResult, name: string, altNames: AltNames): Promise<GenerateResult> {
  return generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
}

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

async function pair(name: string, made: GenerateResult): Promise<{ cert_file: string; key_file: string }> {
  return {
    cert_file: await write(`${name}.pem`, made.cert),
    key_file: await write(`${name}-key.pem`, made.private),
  }
}

/** A server of our own, over the protocol that the exporter speaks. */
async function serve(protocol: 'http' | 'grpc', tls: object) {
  const arrived = recordingConsumer()
  const config = otlpReceiver.configSchema.parse({ protocols: { [protocol]: { endpoint: '127.0.0.1:0', tls } } })
  const receiver = otlpReceiver.create(config, testContext('otlp'), arrived)
  running.push(receiver)
  await receiver.start?.(testHost())
  return { url: receiver.endpoints!()[0]!.url, arrived }
}

const once = { sending_queue: { enabled: false }, retry_on_failure: { enabled: false } }

async function exporterTo<Config>(factory: ExporterFactory<Config>, endpoint: string, tls: object): Promise<Exporter> {
  const config = factory.configSchema.parse({ endpoint, tls, timeout: '10s', ...once })
  const exporter = factory.create(config, testContext(factory.type))
  running.push(exporter)
  await exporter.start?.(testHost())
  return exporter
}

describe.each([
  { protocol: 'http' as const, send: (url: string, tls: object) => exporterTo(otlpHttpExporter, url, tls) },
  { protocol: 'grpc' as const, send: (url: string, tls: object) => exporterTo(otlpExporter, url, tls) },
])('OTLP over $protocol and TLS', ({ protocol, send }) => {
  it('trusts the authority that it is told of, and no other', async () => {
    const { url, arrived } = await serve(protocol, files.server)
    const stranger = await send(url, {})
    await expect(stranger.consumeTraces(sampleTraces(1))).rejects.toThrow()
    const told = await send(url, { ca_file: files.ca_file })
    await told.consumeTraces(sampleTraces(2))
    expect(arrived.spans).toHaveLength(2)
  })

  it('takes any certificate with insecure_skip_verify', async () => {
    const { url, arrived } = await serve(protocol, files.elsewhere)
    const exporter = await send(url, { insecure_skip_verify: true })
    await exporter.consumeTraces(sampleTraces(3))
    expect(arrived.spans).toHaveLength(3)
  })

  it('checks the name, or the one that server_name_override gives', async () => {
    const { url, arrived } = await serve(protocol, files.elsewhere)
    const byAddress = await send(url, { ca_file: files.ca_file })
    await expect(byAddress.consumeTraces(sampleTraces(1))).rejects.toThrow()
    const byName = await send(url, { ca_file: files.ca_file, server_name_override: 'collector.example' })
    await byName.consumeTraces(sampleTraces(2))
    expect(arrived.spans).toHaveLength(2)
  })

  it('shows its own certificate to a server that wants one', async () => {
    const { url, arrived } = await serve(protocol, { ...files.server, client_ca_file: files.ca_file })
    const nobody = await send(url, { ca_file: files.ca_file })
    await expect(nobody.consumeTraces(sampleTraces(1))).rejects.toThrow()
    const known = await send(url, { ca_file: files.ca_file, ...files.client })
    await known.consumeTraces(sampleTraces(2))
    expect(arrived.spans).toHaveLength(2)
  })

  it('names the setting whose file cannot be read', async () => {
    await expect(send('https://127.0.0.1:1', { ca_file: join(folder, 'none.pem') })).rejects.toThrow(
      `exporters.otlp${protocol === 'http' ? 'http' : ''}.tls.ca_file: cannot read ${join(folder, 'none.pem')}`,
    )
  })

  it('wants certificate and key together', () => {
    const { configSchema } = protocol === 'http' ? otlpHttpExporter : otlpExporter
    const parsed = configSchema.safeParse({ endpoint: 'https://127.0.0.1:1', tls: { cert_file: 'x.pem' } })
    expect(parsed.error?.issues).toMatchObject([{ message: 'cert_file and key_file belong together' }])
  })
})

it('speaks no older TLS than min_version', async () => {
  const { cert_file, key_file } = files.server
  const old = createServer(
    { cert: readFileSync(cert_file), key: readFileSync(key_file), maxVersion: 'TLSv1.2' },
    (request, response) => {
      request.resume().on('end', () => response.end())
    },
  )
  await new Promise<void>((resolve) => void old.listen(0, '127.0.0.1', resolve))
  running.push({
    shutdown: async () => {
      old.close()
      old.closeAllConnections()
    },
  })
  const url = `https://127.0.0.1:${(old.address() as AddressInfo).port}`
  const { ca_file } = files
  // Without quotes YAML gives a number.
  const modern = await exporterTo(otlpHttpExporter, url, { ca_file, min_version: 1.3 })
  await expect(modern.consumeTraces(sampleTraces(1))).rejects.toThrow(/cannot be reached: .*protocol version/)
  const tolerant = await exporterTo(otlpHttpExporter, url, { ca_file })
  await tolerant.consumeTraces(sampleTraces(1))
})
