import type { IncomingMessage, Server } from 'node:http'
import {
  formatHostPort,
  hostPort,
  MalformedError,
  type Endpoint,
  type HostPort,
  type ReceiverFactory,
  type TracesConsumer,
} from '@mcpcat/collector'
import {
  closeServer,
  createBodyReader,
  createIngestServer,
  HttpError,
  ingestKeysSchema,
  listen,
  readTlsServer,
  requireIngestKey,
  requireKeysBeyondLoopback,
  stampProject,
  tlsServerSchema,
  type IngestKey,
  type IngestProtocol,
  type TlsServerConfig,
} from '@mcpcat/collector/http'
import { z } from 'zod'
import { readEvent } from './event.js'
import { eventToTraces } from './event-to-traces.js'

export interface McpcatEventsConfig {
  endpoint: HostPort
  tls?: TlsServerConfig | undefined
  ingest_keys: IngestKey[]
  /** In bytes, after decompression too. */
  max_request_body_size: number
}

const MIB = 1024 * 1024
const MAX_BUFFERED = 256 * MIB

/** The events API, for servers that already run a `mcpcat` or `agentcat` SDK. */
export const mcpcatEventsReceiver: ReceiverFactory<McpcatEventsConfig> = {
  kind: 'receiver',
  type: 'mcpcat_events',
  description: 'Events of the mcpcat and agentcat SDKs, with their API URL pointed here',
  configSchema: z.strictObject({
    endpoint: hostPort('127.0.0.1:4319'),
    tls: tlsServerSchema.optional(),
    ingest_keys: ingestKeysSchema,
    max_request_body_size: z
      .int()
      .positive()
      .default(16 * MIB),
  }),
  create(config, context, next) {
    const component = `receivers.${context.id}`
    const endpoints: Endpoint[] = []
    let server: Server | undefined
    return {
      async start() {
        const setting = `${component}.endpoint`
        requireKeysBeyondLoopback(config.endpoint, config.ingest_keys, component, setting)
        const tls = config.tls && readTlsServer(config.tls, `${component}.tls`)
        server = createIngestServer(eventsProtocol(config, next), tls, context.logger)
        const address = await listen(server, config.endpoint, setting)
        endpoints.push({ name: 'MCPcat events', url: `${tls ? 'https' : 'http'}://${formatHostPort(address)}` })
      },
      async shutdown() {
        if (server) await closeServer(server)
      },
      endpoints: () => endpoints,
    }
  },
}

/** `POST /v1/public/events/`, one event per request, answered by 202. */
function eventsProtocol(config: McpcatEventsConfig, next: TracesConsumer): IngestProtocol {
  const readBody = createBodyReader(config.max_request_body_size, MAX_BUFFERED)
  return {
    async receive(request) {
      const path = (request.url ?? '').split('?', 1)[0]?.replace(/\/$/, '')
      if (path !== '/v1/public/events')
        throw new HttpError(404, 'not found; this endpoint serves POST /v1/public/events/')
      if (request.method !== 'POST') throw new HttpError(405, 'use POST', { Allow: 'POST' })
      const key = requireIngestKey(request.headers, config.ingest_keys)
      await readBody(request, (body) => {
        const event = readEvent(parseJson(body))
        if (typeof event === 'string') throw new MalformedError(event)
        const traces = eventToTraces(event, BigInt(Date.now()) * 1_000_000n)
        if (key?.project !== undefined) stampProject(traces, key.project)
        return next.consumeTraces(traces)
      })
      return { status: 202, ...json({ status: 'accepted' }) }
    },
    refuse: (_request: IncomingMessage, _status, message) => json({ error: message }),
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw new MalformedError('not valid JSON', { cause })
  }
}

function json(value: object) {
  return { contentType: 'application/json', body: Buffer.from(JSON.stringify(value)) }
}
