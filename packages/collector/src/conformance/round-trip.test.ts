import { Client, credentials } from '@grpc/grpc-js'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { genericComponents } from '../components.js'
import { exportMethods } from '../otlp/services.js'
import { runCollector, type RunningCollector } from '../run.js'
import { spanCount, type Traces } from '../traces.js'
import { arbitraryTraces } from './arbitrary-traces.js'
import { objectOfJson, oracleJson, protobufOfJson } from './json-oracle.js'
import { startRecordingBackend, type Received, type RecordingBackend } from './recording-backend.js'
import { laterMembers, laterRequest, meaningOf } from './trace-service-proto.js'

/** How many random batches go each way: `MCPCAT_ROUND_TRIPS=10000 npm test -- round-trip`. */
const numRuns = Number(process.env['MCPCAT_ROUND_TRIPS'] ?? 40)

let backend: RecordingBackend
let collector: RunningCollector
let client: Client
let http: string

/** One collector, three ways in and three ways out; what the backend receives is read by others' code alone. */
beforeAll(async () => {
  backend = await startRecordingBackend()
  const loopback = { endpoint: '127.0.0.1:0' }
  collector = await runCollector({
    config: {
      receivers: { otlp: { protocols: { http: loopback, grpc: loopback } } },
      exporters: {
        'otlphttp/proto': { endpoint: backend.http },
        'otlphttp/json': { endpoint: backend.http, encoding: 'json', compression: 'zstd' },
        otlp: { endpoint: backend.grpc, tls: { insecure: true } },
      },
      service: {
        pipelines: { traces: { receivers: ['otlp'], exporters: ['otlphttp/proto', 'otlphttp/json', 'otlp'] } },
      },
    },
    factories: genericComponents,
  })
  const url = (name: string): string => collector.endpoints.find((endpoint) => endpoint.name === name)!.url
  http = `${url('OTLP/HTTP')}/v1/traces`
  client = new Client(new URL(url('OTLP/gRPC')).host, credentials.createInsecure())
})
afterAll(async () => {
  client.close()
  await collector.shutdown()
  await backend.close()
})

async function post(body: Uint8Array | string, type: string): Promise<void> {
  const sent = typeof body === 'string' ? body : new Uint8Array(body)
  const response = await fetch(http, { method: 'POST', body: sent, headers: { 'Content-Type': type } })
  expect(response.status).toBe(200)
  await response.body?.cancel()
}

function call(body: Uint8Array): Promise<void> {
  const { path, requestSerialize, responseDeserialize } = exportMethods.traces
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, requestSerialize, responseDeserialize, Buffer.from(body), (error) =>
      error ? reject(error) : resolve(),
    )
  })
}

const meaningOfReceived = ({ encoding, body }: Received): unknown =>
  meaningOf(encoding === 'json' ? protobufOfJson(body.toString('utf8')) : body)

/** Sends a batch and compares what three exporters make of it with what it meant. */
async function expectIntact(traces: Traces, send: () => Promise<void>): Promise<void> {
  const sent = meaningOf(protobufOfJson(oracleJson(traces)))
  await send()
  for (const received of await backend.take(3)) expect(meaningOfReceived(received)).toEqual(sent)
}

const batches = arbitraryTraces.filter((traces) => spanCount(traces) > 0)

describe('whatever OTLP can carry comes out as it went in,', () => {
  it.each([
    ['HTTP with protobuf', (bytes: Uint8Array) => post(bytes, 'application/x-protobuf')],
    ['gRPC', (bytes: Uint8Array) => call(bytes)],
  ])('over %s', async (_name, send) => {
    await fc.assert(
      fc.asyncProperty(batches, (traces) => expectIntact(traces, () => send(protobufOfJson(oracleJson(traces))))),
      { numRuns },
    )
  })

  it('over HTTP with JSON', async () => {
    await fc.assert(
      fc.asyncProperty(batches, (traces) => expectIntact(traces, () => post(oracleJson(traces), 'application/json'))),
      { numRuns },
    )
  })
})

/** As the OpenTelemetry Collector does: what a later version adds is accepted and not passed on. */
describe('fields of a later OTLP are left out and harm nothing,', () => {
  it('in protobuf', async () => {
    await fc.assert(
      fc.asyncProperty(batches, (traces) =>
        expectIntact(traces, () => {
          const later = laterRequest.fromObject(objectOfJson(oracleJson(traces, laterMembers)))
          return call(laterRequest.encode(later).finish())
        }),
      ),
      { numRuns },
    )
  })

  it('in JSON', async () => {
    await fc.assert(
      fc.asyncProperty(batches, (traces) =>
        expectIntact(traces, () => post(oracleJson(traces, laterMembers), 'application/json')),
      ),
      { numRuns },
    )
  })
})
