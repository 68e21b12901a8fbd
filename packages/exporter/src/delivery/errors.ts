/** An attempt that did not get through; whether another may. */
export class DeliveryError extends Error {
  readonly retryable: boolean
  /** How long the receiver asked to be left alone, in milliseconds. */
  readonly retryAfterMillis: number | undefined

  constructor(
    message: string,
    options: { retryable: boolean; retryAfterMillis?: number | undefined; cause?: unknown },
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'DeliveryError'
    this.retryable = options.retryable
    this.retryAfterMillis = options.retryAfterMillis
  }
}
