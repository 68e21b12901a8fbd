import { RetryableError, UserError } from '@mcpcat/collector/errors'
import { DiskFullError } from '../engine-errors.js'

/** An error on its way from one thread to another, which keeps no class and no property of ours by itself. */
export interface ToldError {
  readonly kind: 'disk full' | 'retryable' | 'user' | 'other'
  readonly message: string
  readonly stack: string | undefined
  readonly retryAfterMs: number | undefined
  readonly cause: ToldError | undefined
}

/** Causes of causes that are told. */
const DEEPEST = 5

export function toldError(error: unknown, depth = 0): ToldError {
  if (!(error instanceof Error)) {
    return { kind: 'other', message: String(error), stack: undefined, retryAfterMs: undefined, cause: undefined }
  }
  return {
    kind: kindOf(error),
    message: error.message,
    stack: error.stack,
    retryAfterMs: error instanceof RetryableError ? error.retryAfterMs : undefined,
    cause: error.cause === undefined || depth === DEEPEST ? undefined : toldError(error.cause, depth + 1),
  }
}

export function errorOf({ kind, message, stack, retryAfterMs, cause }: ToldError): Error {
  const options = {
    ...(cause && { cause: errorOf(cause) }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
  const error = made(kind, message, options)
  if (stack !== undefined) error.stack = stack
  return error
}

function kindOf(error: Error): ToldError['kind'] {
  if (error instanceof DiskFullError) return 'disk full'
  if (error instanceof RetryableError) return 'retryable'
  return error instanceof UserError ? 'user' : 'other'
}

function made(kind: ToldError['kind'], message: string, options: ErrorOptions & { retryAfterMs?: number }): Error {
  switch (kind) {
    case 'disk full':
      return new DiskFullError(message, options)
    case 'retryable':
      return new RetryableError(message, options)
    case 'user':
      return new UserError(message, options)
    case 'other':
      return new Error(message, options)
  }
}
