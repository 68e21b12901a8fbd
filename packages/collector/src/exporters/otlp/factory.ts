import { z } from 'zod'
import { signalOf, SIGNALS } from '../../batch.js'
import type { ExporterFactory } from '../../component.js'
import { duration } from '../../config/values.js'
import { tlsClientSchema, type TlsClientConfig } from '../../http/tls.js'
import { encodeBatch } from '../../otlp/batch-codec.js'
import { partialSuccess } from '../../otlp/partial-success.js'
import { exportMethods } from '../../otlp/services.js'
import { examineQueue, retrySchema, sendingQueueSchema, type SendingConfig } from '../../sending/config.js'
import { createSignalSender } from '../../sending/sender.js'
import type { OtlpClient } from './client.js'

export interface OtlpExporterConfig extends SendingConfig {
  /** `host:port`, or a URL whose scheme decides about TLS. */
  endpoint: string
  headers: Record<string, string>
  compression: 'gzip' | 'none'
  tls: TlsClientConfig
}

/** Sends on to anything that speaks OTLP/gRPC. */
export const otlpExporter: ExporterFactory<OtlpExporterConfig> = {
  kind: 'exporter',
  type: 'otlp',
  signals: SIGNALS,
  examine: examineQueue,
  description: 'OTLP over gRPC, to any OTLP endpoint',
  configSchema: z.strictObject({
    endpoint: z.string().regex(/^(https?:\/\/)?[^\s/]+:\d{1,5}\/?$/, 'expected host:port, for example 127.0.0.1:4317'),
    headers: z.record(z.string().toLowerCase(), z.string()).default({}),
    compression: z.enum(['gzip', 'none']).default('gzip'),
    tls: tlsClientSchema,
    timeout: duration('5s'),
    sending_queue: sendingQueueSchema,
    retry_on_failure: retrySchema,
  }),
  create(config, context) {
    const address = config.endpoint.replace(/^https?:\/\//, '').replace(/\/$/, '')
    let client: OtlpClient | undefined

    const sender = createSignalSender(
      async (batch, signal) => {
        const answer = await client!.call(exportMethods[signalOf(batch)], encodeBatch(batch), signal)
        const { rejected, message } = partialSuccess(answer, 'protobuf')
        if (message) context.logger.warn({ rejected, message }, `${address} accepted with a remark`)
        return rejected
      },
      config,
      context,
    )
    return {
      ...sender,
      async start(host) {
        // Only now: gRPC's library is not small, and most collectors send nothing by it.
        const { openClient } = await import('./client.js')
        client = openClient(address, config, `exporters.${context.id}.tls`)
        await sender.start?.(host)
      },
      async shutdown(giveUp) {
        await sender.shutdown?.(giveUp)
        client?.close()
      },
    }
  },
}
