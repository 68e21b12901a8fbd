import type { Server } from 'node:http'
import type { Endpoint, ReceiverFactory } from '../../component.js'
import { formatHostPort } from '../../config/values.js'
import { UserError } from '../../errors.js'
import { requireKeysBeyondLoopback } from '../../http/ingest-keys.js'
import { closeServer, listen } from '../../http/listen.js'
import { otlpReceiverSchema, type OtlpReceiverConfig } from './config.js'
import { createOtlpHttpServer } from './http.js'

/** OTLP in. */
export const otlpReceiver: ReceiverFactory<OtlpReceiverConfig> = {
  kind: 'receiver',
  type: 'otlp',
  description: 'OTLP over HTTP, protobuf and JSON',
  configSchema: otlpReceiverSchema,
  create(config, context, next) {
    const component = `receivers.${context.id}`
    const endpoints: Endpoint[] = []
    let server: Server | undefined
    return {
      async start() {
        const { http } = config.protocols
        if (!http) throw new UserError(`${component}.protocols: name at least one protocol, for example http: {}`)
        const setting = `${component}.protocols.http.endpoint`
        requireKeysBeyondLoopback(http.endpoint, config.ingest_keys, component, setting)
        server = createOtlpHttpServer(http, config.ingest_keys, context, next)
        const address = await listen(server, http.endpoint, setting)
        endpoints.push({ name: 'OTLP/HTTP', url: `http://${formatHostPort(address)}` })
      },
      async shutdown() {
        if (server) await closeServer(server)
      },
      endpoints: () => endpoints,
    }
  },
}
