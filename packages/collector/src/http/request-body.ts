import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip, inflate, zstdDecompress } from 'node:zlib'
import { HttpError } from './http-error.js'

type Decompress = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const DECOMPRESSORS: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip) as Decompress,
  deflate: promisify(inflate) as Decompress,
  zstd: promisify(zstdDecompress) as Decompress,
}

/** Reads a body and has it used; until that is done, its bytes count. */
export type BodyReader = <Result>(request: IncomingMessage, use: (body: Buffer) => Promise<Result>) => Promise<Result>

/**
 * Reads bodies and takes their `Content-Encoding` off.
 *
 * @param limit In bytes, for a body on the wire and for what it decompresses to.
 * @param total In bytes, for all bodies that are being read or used at one time, compressed and decompressed.
 * @returns A reader that throws HttpError: 413 past the limit, 429 past the total, 415 for an
 * unknown encoding, 400 for broken compression.
 */
export function createBodyReader(limit: number, total: number): BodyReader {
  let buffered = 0
  // What unpacks, unpacks up to the limit before it is refused: so many as the total has room for.
  const inTurn = atMost(Math.min(4, Math.max(1, Math.floor(total / limit))))

  async function read(request: IncomingMessage, hold: (bytes: number) => void): Promise<Buffer> {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity'
    const decompress = DECOMPRESSORS[encoding]
    if (!decompress && encoding !== 'identity') {
      const known = Object.keys(DECOMPRESSORS).join(', ')
      throw new HttpError(415, `Content-Encoding ${encoding} is not supported; use ${known} or none`, {
        'Accept-Encoding': known,
      })
    }
    const raw = await collect(request, limit, hold)
    if (!decompress) return raw
    try {
      const plain = await inTurn(() => decompress(raw, { maxOutputLength: limit }))
      hold(plain.length)
      return plain
    } catch (cause) {
      if (cause instanceof HttpError) throw cause
      if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit, cause)
      throw new HttpError(400, `the body is not valid ${encoding}`, {}, { cause })
    }
  }

  return async (request, use) => {
    let held = 0
    try {
      const body = await read(request, (bytes) => {
        held += bytes
        buffered += bytes
        if (buffered > total) throw new HttpError(429, 'too many requests at once', { 'Retry-After': '1' })
      })
      return await use(body)
    } finally {
      buffered -= held
    }
  }
}

/** Runs `count` at a time; the others wait in their order. */
function atMost(count: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running < count) running += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
}

async function collect(request: IncomingMessage, limit: number, hold: (bytes: number) => void): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > limit) throw tooLarge(limit)
      hold(chunk.length)
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof HttpError || request.complete) throw cause
    // A sender that goes away is its own affair, and will not hear the answer.
    throw new HttpError(400, 'the request ended before its body did', {}, { cause })
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)
}

function tooLarge(limit: number, cause?: unknown): HttpError {
  return new HttpError(413, `the request is larger than ${limit} bytes`, {}, { cause })
}
