import {
  createSender,
  duration,
  retrySchema,
  examineQueue,
  sendingQueueSchema,
  spanCount,
  type ExporterFactory,
  type SendingConfig,
} from '@mcpcat/collector'
import {
  createHttpClient,
  readTlsClient,
  tlsClientSchema,
  type HttpClient,
  type TlsClientConfig,
} from '@mcpcat/collector/http'
import { eventsUrl } from '@mcpcat/exporter/events'
import { z } from 'zod'
import { isMcpSpan, spansOf } from './mcp-spans.js'
import { publish } from './publish.js'

export interface McpcatExporterConfig extends SendingConfig {
  /** Base URL of the API; `/v1/public/events/` is added. */
  endpoint: string
  /** Instead of what the resource says (`mcpcat.project.id`). */
  project_id?: string | undefined
  /** Sent as `Authorization: Bearer …`. */
  api_key?: string | undefined
  headers: Record<string, string>
  /** For an `https` endpoint. */
  tls: TlsClientConfig
}

/** Of an attempt for a whole batch: what is timed is each event. */
const NO_LIMIT_MS = 2 ** 31 - 1

/** Sends MCP spans as events to the hosted API, or to whatever else speaks its protocol. */
export const mcpcatExporter: ExporterFactory<McpcatExporterConfig> = {
  kind: 'exporter',
  type: 'mcpcat',
  examine: examineQueue,
  description: 'MCP spans as events to the MCPcat API, one event a request',
  configSchema: z.strictObject({
    endpoint: z.url({ protocol: /^https?$/, error: 'expected a URL such as https://api.example.com' }),
    project_id: z.string().min(1).optional(),
    api_key: z.string().min(1).optional(),
    headers: z.record(z.string(), z.string()).default({}),
    tls: tlsClientSchema,
    timeout: duration('30s'),
    sending_queue: sendingQueueSchema,
    retry_on_failure: retrySchema,
  }),
  create(config, context) {
    const url = eventsUrl(new URL(config.endpoint)).href
    const headers = {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      ...(config.api_key !== undefined && { Authorization: `Bearer ${config.api_key}` }),
      ...config.headers,
    }
    const skipped = context.metrics.counter('otelcol_exporter_skipped_spans', 'Spans that are no MCP events')
    let client: HttpClient | undefined

    const sender = createSender(
      (traces, signal) =>
        publish(traces, {
          url,
          projectId: config.project_id,
          post: (event) =>
            client!.post(url, headers, event, AbortSignal.any([signal, AbortSignal.timeout(config.timeout)])),
          onRejected: (error) => context.logger.error({ reason: error.message }, 'an event was refused for good'),
        }),
      { ...config, timeout: NO_LIMIT_MS },
      context,
    )
    return {
      ...sender,
      async start(host) {
        client = createHttpClient(
          readTlsClient(config.tls, `exporters.${context.id}.tls`),
          config.sending_queue.num_consumers,
        )
        await sender.start?.(host)
      },
      async consumeTraces(traces) {
        const events = spansOf(traces, isMcpSpan)
        const count = spanCount(events)
        skipped.add(spanCount(traces) - count)
        if (count > 0) await sender.consumeTraces(events)
      },
      async shutdown(giveUp) {
        await sender.shutdown?.(giveUp)
        await client?.close()
      },
    }
  },
}
