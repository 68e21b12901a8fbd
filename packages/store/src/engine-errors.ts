import { RetryableError, UserError } from '@mcpcat/collector/errors'

/** The disk has no room for what was to be written; what is there stays intact. */
export class DiskFullError extends RetryableError {
  override name = 'DiskFullError'
}

/** Error codes of ClickHouse (`src/Common/ErrorCodes.cpp`) that pass by themselves, or when somebody frees some room. */
const DISK_FULL = new Set([
  243, // NOT_ENOUGH_SPACE: the engine reserves a mebibyte before it writes a part
  75, // CANNOT_WRITE_TO_FILE_DESCRIPTOR
])
const BUSY = new Set([
  241, // MEMORY_LIMIT_EXCEEDED
  252, // TOO_MANY_PARTS: merging is behind
])

const FULL_RETRY_AFTER_MS = 5000

const TOO_MUCH: Readonly<Record<number, string>> = {
  159: 'too long', // TIMEOUT_EXCEEDED
  241: 'too much memory', // MEMORY_LIMIT_EXCEEDED
}

/** What the engine threw, as what a sender or an operator can do about it; itself when nothing is known of it. */
export function engineError(error: unknown): unknown {
  const code = clickhouseCode(error)
  if (code !== undefined && DISK_FULL.has(code)) return diskFull(error)
  if (code !== undefined && BUSY.has(code)) {
    return new RetryableError('the store is busy: it has too little memory or merges are behind', { cause: error })
  }
  return error
}

/** The same of a person's own statement, which has bounds of its own. */
export function statementError(error: unknown): unknown {
  const tooMuch = TOO_MUCH[clickhouseCode(error) ?? 0]
  if (tooMuch === undefined) return engineError(error)
  return new UserError(`this takes ${tooMuch} for a collector that runs: restore a backup elsewhere, and ask there`, {
    cause: error,
  })
}

export function diskFull(cause?: unknown): DiskFullError {
  return new DiskFullError('the disk of the data folder is full: free some room', {
    cause,
    retryAfterMs: FULL_RETRY_AFTER_MS,
  })
}

function clickhouseCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'clickhouseCode' in error ? error.clickhouseCode : undefined
  return typeof code === 'number' ? code : undefined
}
