import type { IncomingMessage } from 'node:http'
import { bodyMemory, type BodyMemory } from './body-memory.js'
import { createByteBudget } from './byte-budget.js'
import { HttpError } from './http-error.js'
import { joined } from './joined.js'
import { createUnpacker, isPackedEncoding, packedEncodings, UnpackError } from './unpack.js'

/**
 * Reads a body and has it used; until that is done, its bytes count.
 *
 * @param isReleased whether nobody holds anything of the body when it was used: its memory is then another one's.
 */
export type BodyReader = <Result>(
  request: IncomingMessage,
  use: (body: Buffer) => Promise<Result>,
  isReleased?: boolean,
) => Promise<Result>

/**
 * Reads bodies and takes their `Content-Encoding` off.
 *
 * @param limit In bytes, for a body on the wire and for what it decompresses to.
 * @param total In bytes, for all bodies that are being read or used at one time, compressed and decompressed.
 * @returns A reader that throws HttpError: 413 past the limit, 429 past the total, 415 for an
 * unknown encoding, 400 for broken compression.
 */
export function createBodyReader(limit: number, total: number): BodyReader {
  const budget = createByteBudget(total, () => new HttpError(429, 'too many requests at once', { 'Retry-After': '1' }))
  const unpack = createUnpacker(limit, total)

  const memory = bodyMemory()

  async function read(
    request: IncomingMessage,
    hold: (bytes: number) => void,
    memoryOfPlain?: BodyMemory,
  ): Promise<Buffer> {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity'
    if (encoding === 'identity') return await collect(request, limit, hold, memoryOfPlain)
    if (!isPackedEncoding(encoding)) {
      const known = packedEncodings.join(', ')
      throw new HttpError(415, `Content-Encoding ${encoding} is not supported; use ${known} or none`, {
        'Accept-Encoding': known,
      })
    }
    try {
      const plain = await unpack(encoding, await collect(request, limit, hold))
      hold(plain.length)
      return plain
    } catch (cause) {
      if (!(cause instanceof UnpackError)) throw cause
      if (cause.reason === 'too large') throw tooLarge(limit, cause)
      throw new HttpError(400, `the body is not valid ${encoding}`, {}, { cause })
    }
  }

  async function lend<Result>(
    request: IncomingMessage,
    use: (body: Buffer) => Promise<Result>,
    hold: (bytes: number) => void,
  ): Promise<Result> {
    const body = await read(request, hold, memory)
    // Of what failed, something may go on.
    const result = await use(body)
    memory.giveBack(body)
    return result
  }

  // A promise, unlike a function that waits, lets go of the body when it has handed it over.
  return (request, use, isReleased = false) =>
    budget.during((hold) => (isReleased ? lend(request, use, hold) : read(request, hold).then(use)))
}

async function collect(
  request: IncomingMessage,
  limit: number,
  hold: (bytes: number) => void,
  memory?: BodyMemory,
): Promise<Buffer> {
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
  return joined(chunks, size, memory)
}

function tooLarge(limit: number, cause?: unknown): HttpError {
  return new HttpError(413, `the request is larger than ${limit} bytes`, {}, { cause })
}
