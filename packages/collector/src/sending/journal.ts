import type { FileHandle } from 'node:fs/promises'
import { mkdir, open, readdir, readFile, rename, truncate, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Logger } from 'pino'
import { RetryableError } from '../errors.js'

export interface JournalOptions {
  readonly folder: string
  readonly logger: Logger
  /** Records are refused when the folder would hold more. In bytes. */
  readonly maxBytes: number
  /** A segment that has grown past this is closed, and removed once all its records are done. In bytes. */
  readonly segmentBytes: number
}

export interface Journal {
  /**
   * Resolves when the record is on disk. Records that come while the disk is busy share one sync.
   *
   * @throws RetryableError when the disk or the journal is full; what came before stays intact.
   */
  append(bytes: Uint8Array): Promise<JournalRecord>
  close(): Promise<void>
}

export interface JournalRecord {
  /** The record is no longer needed. */
  done(): void
}

export interface OpenedJournal {
  readonly journal: Journal
  /** What was appended before and not done, in order. May hold what had been done shortly before a crash. */
  readonly recovered: readonly (JournalRecord & { readonly bytes: Buffer })[]
}

interface Segment {
  readonly file: string
  size: number
  /** Records that are not done. */
  open: number
  /** Closed segments without open records are removed. */
  closed: boolean
}

interface Pending {
  readonly bytes: Uint8Array
  readonly resolve: (record: JournalRecord) => void
  readonly reject: (error: Error) => void
}

/** Length and CRC-32 of the payload, little endian. */
const HEADER_BYTES = 8

/** A folder of append-only segments, each record with its checksum. One process at a time. */
export async function openJournal(options: JournalOptions): Promise<OpenedJournal> {
  const { folder, logger, maxBytes, segmentBytes } = options
  await mkdir(folder, { recursive: true })
  const names = (await readdir(folder)).filter((name) => /^\d{10}\.journal$/.test(name)).toSorted(byName)
  let next = Number(names.at(-1)?.slice(0, 10) ?? 0) + 1
  let total = 0
  let current: { handle: FileHandle; segment: Segment } | undefined
  let pending: Pending[] = []
  let writing: Promise<void> | undefined

  const recovered: OpenedJournal['recovered'][number][] = []
  for (const name of names) await recover(join(folder, name))

  async function recover(file: string): Promise<void> {
    const { records, end, size, state } = readRecords(await readFile(file))
    if (state === 'corrupt') {
      const aside = `${file}.corrupt`
      await rename(file, aside)
      logger.error({ file: aside, readable: records.length }, 'a journal segment is damaged; set aside')
      if (records.length > 0) await rewrite(file, records)
    } else if (state === 'torn') {
      await truncate(file, end)
      logger.warn({ file, bytes: size - end }, 'a record that was being written at a crash was removed')
    }
    const segment: Segment = { file, size: end, open: records.length, closed: true }
    total += end
    for (const bytes of records) recovered.push({ bytes, done: once(() => finish(segment)) })
    if (records.length === 0) discard(segment)
  }

  function finish(segment: Segment): void {
    segment.open -= 1
    if (segment.closed && segment.open === 0) discard(segment)
  }

  function discard(segment: Segment): void {
    total -= segment.size
    unlink(segment.file).catch((error: unknown) => logger.debug({ err: error }, 'a finished segment was gone already'))
  }

  async function writable(): Promise<{ handle: FileHandle; segment: Segment }> {
    if (current && current.segment.size < segmentBytes) return current
    await closeCurrent()
    const file = join(folder, `${String(next++).padStart(10, '0')}.journal`)
    const handle = await open(file, 'wx')
    current = { handle, segment: { file, size: 0, open: 0, closed: false } }
    await syncFolder(folder)
    return current
  }

  async function closeCurrent(): Promise<void> {
    if (!current) return
    const { handle, segment } = current
    current = undefined
    segment.closed = true
    await handle.close()
    if (segment.open === 0) discard(segment)
  }

  async function write(batch: readonly Pending[]): Promise<void> {
    try {
      const frames = batch.flatMap(({ bytes }) => [header(bytes), bytes])
      const length = frames.reduce((sum, { byteLength }) => sum + byteLength, 0)
      if (total + length > maxBytes) throw new RetryableError(`the journal is full (${maxBytes} bytes)`)
      const { handle, segment } = await writable()
      try {
        await writeFully(handle, Buffer.concat(frames, length), segment.size)
        await handle.datasync()
      } catch (error) {
        // What is half written must not stay in front of what comes next.
        await handle
          .truncate(segment.size)
          .catch((cause: unknown) => logger.error({ err: cause, file: segment.file }, 'cannot repair a segment'))
        await closeCurrent()
        throw error
      }
      segment.size += length
      segment.open += batch.length
      total += length
      for (const { resolve } of batch) resolve({ done: once(() => finish(segment)) })
    } catch (cause) {
      const error =
        cause instanceof RetryableError
          ? cause
          : new RetryableError(`the journal cannot be written: ${whyNot(cause)}`, { cause })
      for (const { reject } of batch) reject(error)
    }
  }

  async function writeAll(): Promise<void> {
    while (pending.length > 0) {
      const batch = pending
      pending = []
      await write(batch)
    }
    writing = undefined
  }

  const journal: Journal = {
    append: (bytes) =>
      new Promise((resolve, reject) => {
        pending.push({ bytes, resolve, reject })
        writing ??= writeAll()
      }),
    async close() {
      await writing
      await closeCurrent()
    },
  }
  return { journal, recovered }
}

/** A disk that is about to be full takes a part of what it is given, and says so only in the count. */
async function writeFully(handle: FileHandle, content: Buffer, position: number): Promise<void> {
  for (let written = 0; written < content.length;) {
    const { bytesWritten } = await handle.write(content, written, content.length - written, position + written)
    written += bytesWritten
  }
}

/** In words, for the few that an operator meets. */
function whyNot(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full'
  return code === 'EROFS' ? 'the disk is read-only' : (code ?? message)
}

interface Reading {
  readonly records: Buffer[]
  /** Where the readable part ends. */
  readonly end: number
  readonly size: number
  /** `torn`: the last record was not written to its end. `corrupt`: a whole record has another checksum. */
  readonly state: 'whole' | 'torn' | 'corrupt'
}

function readRecords(content: Buffer): Reading {
  const records: Buffer[] = []
  let end = 0
  while (end < content.length) {
    const result = { records, end, size: content.length }
    if (content.length - end < HEADER_BYTES) return { ...result, state: 'torn' }
    const length = content.readUInt32LE(end)
    const start = end + HEADER_BYTES
    if (length > content.length - start) return { ...result, state: 'torn' }
    const bytes = content.subarray(start, start + length)
    if (crc32(bytes) !== content.readUInt32LE(end + 4)) {
      return { ...result, state: start + length === content.length ? 'torn' : 'corrupt' }
    }
    records.push(bytes)
    end = start + length
  }
  return { records, end, size: content.length, state: 'whole' }
}

function header(bytes: Uint8Array): Buffer {
  const head = Buffer.allocUnsafe(HEADER_BYTES)
  head.writeUInt32LE(bytes.byteLength, 0)
  head.writeUInt32LE(crc32(bytes), 4)
  return head
}

async function rewrite(file: string, records: readonly Buffer[]): Promise<void> {
  const handle = await open(file, 'wx')
  await handle.writeFile(Buffer.concat(records.flatMap((bytes) => [header(bytes), bytes])))
  await handle.sync()
  await handle.close()
}

/** A new file is on disk only when its folder's entry is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  await handle.sync()
  await handle.close()
}

function once(action: () => void): () => void {
  let called = false
  return () => {
    if (called) return
    called = true
    action()
  }
}

function byName(a: string, b: string): number {
  return a < b ? -1 : 1
}
