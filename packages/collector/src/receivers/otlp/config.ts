import { z } from 'zod'
import { hostPort, type HostPort } from '../../config/values.js'
import { ingestKeysSchema, type IngestKey } from '../../http/ingest-keys.js'
import { tlsServerSchema, type TlsServerConfig } from '../../http/tls.js'

export interface OtlpReceiverConfig {
  protocols: { grpc?: GrpcProtocolConfig | undefined; http?: HttpProtocolConfig | undefined }
  ingest_keys: IngestKey[]
}

export interface HttpProtocolConfig {
  endpoint: HostPort
  tls?: TlsServerConfig | undefined
  /** In bytes, after decompression too. */
  max_request_body_size: number
  /** Bytes of requests under way at one time; more are refused with 429. */
  max_buffered_bytes: number
}

export interface GrpcProtocolConfig {
  endpoint: HostPort
  tls?: TlsServerConfig | undefined
  /** After decompression too. */
  max_recv_msg_size_mib: number
  /** Bytes of calls under way at one time; more are refused with UNAVAILABLE. */
  max_buffered_bytes: number
}

const MIB = 1024 * 1024

export const otlpReceiverSchema: z.ZodType<OtlpReceiverConfig> = z.strictObject({
  protocols: z
    .strictObject({
      grpc: z
        .strictObject({
          endpoint: hostPort('127.0.0.1:4317'),
          tls: tlsServerSchema.optional(),
          max_recv_msg_size_mib: z.number().positive().default(64),
          max_buffered_bytes: z
            .int()
            .positive()
            .default(256 * MIB),
        })
        .optional(),
      http: z
        .strictObject({
          endpoint: hostPort('127.0.0.1:4318'),
          tls: tlsServerSchema.optional(),
          max_request_body_size: z
            .int()
            .positive()
            .default(64 * MIB),
          max_buffered_bytes: z
            .int()
            .positive()
            .default(256 * MIB),
        })
        .optional(),
    })
    .refine(({ grpc, http }) => grpc ?? http, 'expected at least one protocol, for example http: {}'),
  ingest_keys: ingestKeysSchema,
})
