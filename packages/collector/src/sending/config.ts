import { z } from 'zod'
import type { Finding, Surroundings } from '../component.js'
import { unlistedExtension } from '../config/examine.js'
import { duration } from '../config/values.js'

/** As otelcol's `exporterhelper`, with its defaults. */
export interface SendingConfig {
  sending_queue: SendingQueueConfig
  retry_on_failure: RetryConfig
  /** In milliseconds, for one attempt. */
  timeout: number
}

export interface SendingQueueConfig {
  /** Without a queue a batch is acknowledged when it has been sent. */
  enabled: boolean
  num_consumers: number
  /** In batches. */
  queue_size: number
  /** Id of a `file_storage` extension: what is queued survives the process. */
  storage?: string | undefined
}

/**
 * For an exporter's `examine`. That what is acknowledged waits in memory is otelcol's default, and
 * often what is wanted; it should not be a surprise.
 */
export function examineQueue(
  { sending_queue: { enabled, storage } }: Pick<SendingConfig, 'sending_queue'>,
  { path, extensions }: Surroundings,
): Finding[] {
  if (!enabled) return []
  if (storage !== undefined) return unlistedExtension(['sending_queue', 'storage'], storage, extensions)
  const message =
    `what it has acknowledged waits in memory and does not survive a kill; ` +
    `set ${path}.sending_queue.storage to the id of a file_storage extension, or ` +
    `${path}.sending_queue.enabled: false to acknowledge after the delivery`
  return [{ weight: 'remark', path: [], message }]
}

/** Intervals in milliseconds. */
export interface RetryConfig {
  enabled: boolean
  initial_interval: number
  randomization_factor: number
  multiplier: number
  max_interval: number
  /** 0: never give up. */
  max_elapsed_time: number
}

export const sendingQueueSchema: z.ZodType<SendingQueueConfig> = z
  .strictObject({
    enabled: z.boolean().default(true),
    num_consumers: z.int().positive().default(10),
    queue_size: z.int().positive().default(1000),
    storage: z.string().min(1).optional(),
  })
  .prefault({})

export const retrySchema: z.ZodType<RetryConfig> = z
  .strictObject({
    enabled: z.boolean().default(true),
    initial_interval: duration('5s'),
    randomization_factor: z.number().min(0).max(1).default(0.5),
    multiplier: z.number().min(1).default(1.5),
    max_interval: duration('30s'),
    max_elapsed_time: duration('5m'),
  })
  .prefault({})
