import { promisify } from 'node:util'
import { gunzip, inflate, zstdDecompress } from 'node:zlib'

type Decompress = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>

const DECOMPRESSORS = {
  gzip: promisify(gunzip) as Decompress,
  deflate: promisify(inflate) as Decompress,
  zstd: promisify(zstdDecompress) as Decompress,
} as const

export type PackedEncoding = keyof typeof DECOMPRESSORS

export const packedEncodings: readonly PackedEncoding[] = Object.keys(DECOMPRESSORS) as PackedEncoding[]

export function isPackedEncoding(name: string): name is PackedEncoding {
  return Object.hasOwn(DECOMPRESSORS, name)
}

/** Compressed bytes that cannot be used. */
export class UnpackError extends Error {
  override name = 'UnpackError'
  readonly reason: 'too large' | 'broken'
  constructor(reason: 'too large' | 'broken', cause: unknown) {
    super(`compressed bytes are ${reason}`, { cause })
    this.reason = reason
  }
}

/** Takes an encoding off. @throws UnpackError */
export type Unpack = (encoding: PackedEncoding, bytes: Buffer) => Promise<Buffer>

/**
 * What unpacks, unpacks up to the limit before it is refused: so many at a time as the total has
 * room for; the others wait in their order.
 *
 * @param limit In bytes, for what one unpacks to.
 * @param total In bytes, for all that unpack at one time.
 */
export function createUnpacker(limit: number, total: number): Unpack {
  const inTurn = atMost(Math.min(4, Math.max(1, Math.floor(total / limit))))
  return async (encoding, bytes) => {
    try {
      return await inTurn(() => DECOMPRESSORS[encoding](bytes, { maxOutputLength: limit }))
    } catch (cause) {
      const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      throw new UnpackError(tooLarge ? 'too large' : 'broken', cause)
    }
  }
}

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
