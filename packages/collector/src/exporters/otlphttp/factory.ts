import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { z } from 'zod'
import type { ExporterFactory } from '../../component.js'
import { duration } from '../../config/values.js'
import { PermanentError, RetryableError } from '../../errors.js'
import { encodeTraces } from '../../otlp/encode-traces.js'
import { CONTENT_TYPES } from '../../otlp/responses.js'

export interface OtlpHttpExporterConfig {
  /** Base URL; `/v1/traces` is added. */
  endpoint: string
  headers: Record<string, string>
  compression: 'gzip' | 'none'
  /** In milliseconds, for one attempt. */
  timeout: number
}

/** The HTTP statuses after which OTLP allows the same request again. */
const RETRYABLE = new Set([429, 502, 503, 504])

const compress = promisify(gzip)

/** Sends on to anything that speaks OTLP/HTTP. */
export const otlpHttpExporter: ExporterFactory<OtlpHttpExporterConfig> = {
  kind: 'exporter',
  type: 'otlphttp',
  description: 'OTLP over HTTP, protobuf, to any OTLP endpoint',
  configSchema: z.strictObject({
    endpoint: z.url({ protocol: /^https?$/ }),
    headers: z.record(z.string(), z.string()).default({}),
    compression: z.enum(['gzip', 'none']).default('gzip'),
    timeout: duration('30s'),
  }),
  create(config) {
    const url = `${config.endpoint.replace(/\/$/, '')}/v1/traces`
    const headers = {
      'Content-Type': CONTENT_TYPES.protobuf,
      ...(config.compression === 'gzip' && { 'Content-Encoding': 'gzip' }),
      ...config.headers,
    }
    return {
      async consumeTraces(traces) {
        const plain = encodeTraces(traces)
        const body = new Uint8Array(config.compression === 'gzip' ? await compress(plain) : plain)
        const response = await post(url, headers, body, config.timeout)
        await response.body?.cancel()
        if (response.ok) return
        const message = `${url} answered ${response.status}`
        if (!RETRYABLE.has(response.status)) throw new PermanentError(message)
        const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
        throw new RetryableError(message, Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {})
      },
    }
  },
}

async function post(
  url: string,
  headers: Record<string, string>,
  body: Uint8Array<ArrayBuffer>,
  timeout: number,
): Promise<Response> {
  try {
    return await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(timeout) })
  } catch (cause) {
    throw new RetryableError(`${url} cannot be reached`, { cause })
  }
}
