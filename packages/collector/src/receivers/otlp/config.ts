import { z } from 'zod'
import { hostPort, type HostPort } from '../../config/values.js'
import { ingestKeysSchema, type IngestKey } from '../../http/ingest-keys.js'

export interface OtlpReceiverConfig {
  protocols: { http?: HttpProtocolConfig | undefined }
  ingest_keys: IngestKey[]
}

export interface HttpProtocolConfig {
  endpoint: HostPort
  /** In bytes, after decompression too. */
  max_request_body_size: number
}

export const otlpReceiverSchema: z.ZodType<OtlpReceiverConfig> = z.strictObject({
  protocols: z.strictObject({
    http: z
      .strictObject({
        endpoint: hostPort('127.0.0.1:4318'),
        max_request_body_size: z
          .int()
          .positive()
          .default(64 * 1024 * 1024),
      })
      .optional(),
  }),
  ingest_keys: ingestKeysSchema,
})
