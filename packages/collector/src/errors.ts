/** The same data would be refused again: do not retry. */
export class PermanentError extends Error {
  override name = 'PermanentError'
}

/** Refused for now (a full queue, a full disk, memory pressure): retry after `retryAfterMs`. */
export class RetryableError extends Error {
  override name = 'RetryableError'
  readonly retryAfterMs: number | undefined
  constructor(message: string, options: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(message, options)
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Some of a batch is done with: what is left is worth another try, alone. */
export class PartialError<Rest> extends RetryableError {
  override name = 'PartialError'
  readonly rest: Rest
  /** Of what is done with, the items that were refused for good. */
  readonly rejected: number
  constructor(message: string, options: ErrorOptions & { rest: Rest; rejected: number; retryAfterMs?: number }) {
    super(message, options)
    this.rest = options.rest
    this.rejected = options.rejected
  }
}

/**
 * What a person did wrong, in one line that needs no stack: a bad configuration, a port in use, a
 * locked folder. The CLI prints the message alone and exits with 1.
 */
export class UserError extends Error {
  override name = 'UserError'
}
