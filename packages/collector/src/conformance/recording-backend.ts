import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js'
import { exportMethods } from '../otlp/services.js'

export interface RecordingBackend {
  /** Base URL for OTLP over HTTP. */
  readonly http: string
  /** `host:port` for OTLP over gRPC. */
  readonly grpc: string
  /** The next `count` bodies, each as it was encoded, uncompressed. */
  take(count: number): Promise<Received[]>
  close(): Promise<void>
}

export interface Received {
  readonly encoding: 'json' | 'protobuf'
  readonly body: Buffer
}

const DECOMPRESSORS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
}

/** Any OTLP backend, as far as an exporter can tell: it accepts all and keeps the bytes. None of our own code decodes here. */
export async function startRecordingBackend(): Promise<RecordingBackend> {
  const received: Received[] = []
  let arrived: (() => void) | undefined
  const keep = (encoding: Received['encoding'], body: Buffer): void => {
    received.push({ encoding, body })
    arrived?.()
  }

  const http = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { 'content-encoding': encoding = '', 'content-type': type = '' } = request.headers
      const body = Buffer.concat(chunks)
      keep(type.startsWith('application/json') ? 'json' : 'protobuf', DECOMPRESSORS[encoding]?.(body) ?? body)
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')

  const grpc = new Server()
  grpc.addService(
    { export: exportMethods.traces },
    {
      export: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
        keep('protobuf', call.request)
        answer(null, Buffer.alloc(0))
      },
    },
  )
  const port = await new Promise<number>((resolve, reject) => {
    grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })

  return {
    http: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    grpc: `127.0.0.1:${port}`,
    async take(count) {
      while (received.length < count) {
        await new Promise<void>((resolve) => (arrived = resolve))
      }
      return received.splice(0, count)
    },
    async close() {
      grpc.forceShutdown()
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
}
