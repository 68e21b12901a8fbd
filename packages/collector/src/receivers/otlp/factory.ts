import { SIGNALS } from '../../batch.js'
import type { Endpoint, ReceiverFactory } from '../../component.js'
import { formatHostPort } from '../../config/values.js'
import { requireKeysBeyondLoopback } from '../../http/ingest-keys.js'
import { closeServer, listen } from '../../http/listen.js'
import { readTlsServer, type TlsServerFiles } from '../../http/tls.js'
import {
  otlpReceiverSchema,
  type GrpcProtocolConfig,
  type HttpProtocolConfig,
  type OtlpReceiverConfig,
} from './config.js'
import { createOtlpGrpcServer } from './grpc.js'
import { createOtlpHttpServer } from './http.js'

/** Calls under way get this long to end when the collector stops. */
const STOP_GRACE_MS = 5000

/** OTLP in. */
export const otlpReceiver: ReceiverFactory<OtlpReceiverConfig> = {
  kind: 'receiver',
  type: 'otlp',
  signals: SIGNALS,
  description: 'OTLP over gRPC and HTTP, protobuf and JSON',
  configSchema: otlpReceiverSchema,
  create(config, context, next) {
    const component = `receivers.${context.id}`
    const endpoints: Endpoint[] = []
    const stops: (() => Promise<void>)[] = []

    /** @returns The TLS files, when the protocol is to use them. */
    function prepare(protocol: GrpcProtocolConfig | HttpProtocolConfig, setting: string): TlsServerFiles | undefined {
      requireKeysBeyondLoopback(protocol.endpoint, config.ingest_keys, component, `${setting}.endpoint`)
      return protocol.tls && readTlsServer(protocol.tls, `${setting}.tls`)
    }

    async function startHttp(http: HttpProtocolConfig): Promise<void> {
      const setting = `${component}.protocols.http`
      const tls = prepare(http, setting)
      const server = createOtlpHttpServer(http, tls, config.ingest_keys, context, next)
      const address = await listen(server, http.endpoint, `${setting}.endpoint`)
      stops.push(() => closeServer(server, STOP_GRACE_MS))
      endpoints.push({ name: 'OTLP/HTTP', url: `${tls ? 'https' : 'http'}://${formatHostPort(address)}` })
    }

    async function startGrpc(grpc: GrpcProtocolConfig): Promise<void> {
      const setting = `${component}.protocols.grpc`
      const tls = prepare(grpc, setting)
      const { server, stop } = createOtlpGrpcServer(grpc, tls, config.ingest_keys, context, next)
      const address = await listen(server, grpc.endpoint, `${setting}.endpoint`)
      stops.push(() => stop(STOP_GRACE_MS))
      endpoints.push({ name: 'OTLP/gRPC', url: `${tls ? 'https' : 'http'}://${formatHostPort(address)}` })
    }

    return {
      async start() {
        const { grpc, http } = config.protocols
        if (grpc) await startGrpc(grpc)
        if (http) await startHttp(http)
      },
      async shutdown() {
        await Promise.all(stops.map((stop) => stop()))
      },
      endpoints: () => endpoints,
    }
  },
}
