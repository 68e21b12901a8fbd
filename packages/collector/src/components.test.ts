import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { itemCount, signalOf, SIGNALS, type Signal } from './batch.js'
import type { Endpoint } from './component.js'
import { genericComponents } from './components.js'
import { debugExporter } from './exporters/debug/factory.js'
import { fileExporter } from './exporters/file/factory.js'
import { otlpExporter } from './exporters/otlp/factory.js'
import { otlpHttpExporter } from './exporters/otlphttp/factory.js'
import { fileStorageExtension } from './extensions/file-storage/factory.js'
import { healthCheckExtension } from './extensions/health-check/factory.js'
import { decodeBatch, parseBatch } from './otlp/batch-codec.js'
import { encodeTraces } from './otlp/encode-traces.js'
import { attributesProcessor } from './processors/attributes/factory.js'
import { batchProcessor } from './processors/batch/factory.js'
import { filterProcessor } from './processors/filter/factory.js'
import { memoryLimiterProcessor } from './processors/memory-limiter/factory.js'
import { resourceProcessor } from './processors/resource/factory.js'
import { otlpReceiver } from './receivers/otlp/factory.js'
import { testContext, testHost } from './testing/context.js'
import { extensionContract, type ContractCase } from './testing/contract.js'
import { exporterContract } from './testing/exporter-contract.js'
import { processorContract } from './testing/processor-contract.js'
import { receiverContract } from './testing/receiver-contract.js'
import { recordingConsumer } from './testing/recording-consumer.js'
import { sampleTraces } from './testing/sample-traces.js'

const folder = await mkdtemp(join(tmpdir(), 'mcpcat-components-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A backend that counts what it is sent over OTLP/HTTP. */
const received: Record<Signal, number> = { traces: 0, metrics: 0, logs: 0 }
const backend: Server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const signal = SIGNALS.find((candidate) => request.url === `/v1/${candidate}`)!
    received[signal] += itemCount(decodeBatch(signal, Buffer.concat(chunks)))
    response.end()
  })
})
/** Another one, for OTLP/gRPC: our own receiver. */
const arrivedByGrpc = recordingConsumer()
const grpcBackend = otlpReceiver.create(
  otlpReceiver.configSchema.parse({ protocols: { grpc: { endpoint: '127.0.0.1:0' } } }),
  testContext('otlp'),
  arrivedByGrpc,
)
await new Promise<void>((resolve) => void backend.listen(0, '127.0.0.1', resolve))
await grpcBackend.start?.(testHost())
afterAll(async () => {
  backend.close()
  await grpcBackend.shutdown?.()
})

const action = { key: 'environment', value: 'test', action: 'insert' }
const file = join(folder, 'traces.jsonl')

const suites: Record<string, ContractCase[]> = {
  'receiver otlp (HTTP)': receiverContract(otlpReceiver, {
    config: { protocols: { http: { endpoint: '127.0.0.1:0' } } },
    send: sendOverHttp,
  }),
  'receiver otlp (gRPC)': receiverContract(otlpReceiver, {
    config: { protocols: { grpc: { endpoint: '127.0.0.1:0' } } },
    send: sendOverGrpc,
  }),
  'processor memory_limiter': processorContract(memoryLimiterProcessor, { config: { limit_percentage: 80 } }),
  'processor batch': processorContract(batchProcessor, {
    config: { timeout: '10ms', send_batch_size: 8, send_batch_max_size: 8 },
  }),
  'processor attributes': processorContract(attributesProcessor, { config: { actions: [action] } }),
  'processor resource': processorContract(resourceProcessor, { config: { attributes: [action] } }),
  'processor filter': processorContract(filterProcessor, {
    config: { spans: { exclude: { services: ['sample'] } } },
    keepsSpans: false,
  }),
  'exporter debug': exporterContract(debugExporter, { config: {} }),
  'exporter file': exporterContract(fileExporter, { config: { path: file }, arrived: itemsInFile }),
  'exporter otlphttp': exporterContract(otlpHttpExporter, {
    config: { endpoint: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`, compression: 'none' },
    arrived: async (signal) => received[signal],
  }),
  'exporter otlp': exporterContract(otlpExporter, {
    config: { endpoint: grpcBackend.endpoints!()[0]!.url },
    arrived: async (signal) =>
      [...arrivedByGrpc.batches, ...arrivedByGrpc.payloads]
        .filter((batch) => signalOf(batch) === signal)
        .reduce((sum, batch) => sum + itemCount(batch), 0),
  }),
  'extension health_check': extensionContract(healthCheckExtension, { config: { endpoint: '127.0.0.1:0' } }),
  'extension file_storage': extensionContract(fileStorageExtension, { config: { directory: join(folder, 'storage') } }),
}

for (const [component, cases] of Object.entries(suites)) {
  describe(component, () => {
    for (const { name, run } of cases) it(name, run)
  })
}

it('every generic component runs its contract', () => {
  const ran = new Set(Object.keys(suites).map((suite) => suite.replace(/ \(.*/, '')))
  expect(ran).toEqual(new Set(genericComponents.map(({ kind, type }) => `${kind} ${type}`)))
})

async function sendOverHttp(endpoints: readonly Endpoint[]): Promise<void> {
  const response = await fetch(`${endpoints[0]?.url}/v1/traces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-protobuf' },
    body: new Uint8Array(encodeTraces(sampleTraces(1))),
  })
  if (!response.ok) throw new Error(`answered ${response.status}`)
}

async function sendOverGrpc(endpoints: readonly Endpoint[]): Promise<void> {
  const config = {
    endpoint: endpoints[0]?.url,
    sending_queue: { enabled: false },
    retry_on_failure: { enabled: false },
  }
  const exporter = otlpExporter.create(otlpExporter.configSchema.parse(config), testContext('otlp'))
  await exporter.start?.(testHost())
  try {
    await exporter.consumeTraces(sampleTraces(1))
  } finally {
    await exporter.shutdown?.()
  }
}

async function itemsInFile(signal: Signal): Promise<number> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
  const member = { traces: 'resourceSpans', metrics: 'resourceMetrics', logs: 'resourceLogs' }[signal]
  const own = lines.filter((line) => line.startsWith(`{"${member}"`))
  const batches = await Promise.all(own.map((line) => parseBatch(signal, line)))
  return batches.reduce((sum, batch) => sum + itemCount(batch), 0)
}
