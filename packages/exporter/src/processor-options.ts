import type { MeterProvider } from '@opentelemetry/api'
import { DEFAULT_KEPT_ATTRIBUTES } from './attribute-policy.js'
import type { RedactEvent, RedactText } from './hooks.js'
import type { RedactionOptions } from './redaction/redactor.js'

export interface McpcatSpanProcessorOptions {
  /**
   * Arguments and results: `redacted` (default), `shape` (structure and types, no values; texts on
   * the span, such as intent and error messages, become their types as well) or `none`.
   */
  content?: 'redacted' | 'shape' | 'none'
  /** Also take the spans below MCP spans, such as the database calls of a tool. Default false. */
  includeChildSpans?: boolean
  /** The built-in rules: secret names and detectors. */
  redaction?: RedactionOptions
  /** The user's own redaction of each text, after the built-in one. */
  redact?: RedactText
  /** The user's last word on each event: edit it, or return null to drop it. */
  redactEvent?: RedactEvent
  /** How long a hook may take, in milliseconds. Default 5,000. */
  hookTimeoutMillis?: number
  /** Attributes that no rule touches. Default {@link DEFAULT_KEPT_ATTRIBUTES}. */
  keepAttributes?: readonly string[]
  /** UTF-8 bytes of a request or a response at most, each; the rest is cut and marked. Default 262,144 (256 KiB). */
  maxContentBytes?: number
  /** Spans held at most; more are dropped and counted. Default 10,000. */
  maxQueueSize?: number
  /** Memory that waiting spans may take, roughly, in bytes; more are dropped and counted. Default 67,108,864 (64 MiB). */
  maxQueueBytes?: number
  /** Spans per batch at most. Default 512. */
  maxExportBatchSize?: number
  /** Redacted content per batch, roughly, in bytes. Default 1,048,576 (1 MiB). */
  maxExportBatchBytes?: number
  /** How long a span waits for others at most, in milliseconds. Default 1,000. */
  scheduledDelayMillis?: number
  /** Batches on their way at the same time at most. Default 8. */
  maxConcurrentExports?: number
  /**
   * How long redaction may hold the event loop at a time, in milliseconds. Default 5. Where the
   * host's own turns are longer, as long as those; while the queue fills, up to four times as long.
   */
  sliceMillis?: number
  /** Default time limit of `forceFlush`, in milliseconds. Default 20,000, less than the 30,000 after which a provider rejects. */
  flushTimeoutMillis?: number
  /** Default time limit of `shutdown`, in milliseconds. Default 5,000. */
  shutdownTimeoutMillis?: number
  /** Where the counters are reported. Default: the global one. */
  meterProvider?: MeterProvider
}

type Optional = 'redact' | 'redactEvent' | 'meterProvider'

export type ResolvedProcessorOptions = Required<Omit<McpcatSpanProcessorOptions, Optional>> &
  Pick<McpcatSpanProcessorOptions, Optional>

const DEFAULTS: ResolvedProcessorOptions = {
  content: 'redacted',
  includeChildSpans: false,
  redaction: {},
  hookTimeoutMillis: 5000,
  keepAttributes: DEFAULT_KEPT_ATTRIBUTES,
  maxContentBytes: 262_144,
  maxQueueSize: 10_000,
  maxQueueBytes: 67_108_864,
  maxExportBatchSize: 512,
  maxExportBatchBytes: 1_048_576,
  scheduledDelayMillis: 1000,
  maxConcurrentExports: 8,
  sliceMillis: 5,
  flushTimeoutMillis: 20_000,
  shutdownTimeoutMillis: 5000,
}

/** @throws RangeError for a number that is not positive, TypeError for an unknown `content`. */
export function resolveProcessorOptions(options: McpcatSpanProcessorOptions): ResolvedProcessorOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const resolved = { ...DEFAULTS, ...given } as ResolvedProcessorOptions
  if (!['redacted', 'shape', 'none'].includes(resolved.content)) {
    throw new TypeError(`McpcatSpanProcessor: content is 'redacted', 'shape' or 'none', not '${resolved.content}'`)
  }
  for (const [name, value] of Object.entries(resolved)) {
    if (typeof value === 'number' && !(value > 0)) {
      throw new RangeError(`McpcatSpanProcessor: ${name} must be positive, not ${value}`)
    }
  }
  return resolved
}
