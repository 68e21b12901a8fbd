import { z } from 'zod'
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

/** For an exporter's `inMemoryOnly`. */
export function memoryQueue({
  sending_queue: { enabled, storage },
}: Pick<SendingConfig, 'sending_queue'>): string | undefined {
  return enabled && storage === undefined ? 'sending_queue.storage' : undefined
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
