import { ByteSource, sameBytes } from '../attributes/byte-source.js'

/** Longer strings rarely repeat, and are cheap to decode for their length. */
const MAX_BYTES = 40
const SLOTS = 4096

/** What was decoded last in each slot; a string that is another simply takes the slot over. */
const cached = new ByteSource(Buffer.alloc(SLOTS * MAX_BYTES))
const cachedLengths = new Uint8Array(SLOTS)
const cachedStrings: string[] = Array.from({ length: SLOTS }, () => '')

/**
 * Decodes UTF-8. Short strings (attribute keys, tool and client names) come again and again: they
 * are recognized by their bytes and shared, which saves the decoding and the memory of the copies.
 */
export function decodeString(source: ByteSource, start: number, end: number): string {
  const { bytes } = source
  const length = end - start
  if (length > MAX_BYTES) return bytes.toString('utf8', start, end)
  const hash = sampled(bytes, start, end)
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
  const place = slot * MAX_BYTES
  if (cachedLengths[slot] === length && sameBytes(cached, place, source, start, length)) return cachedStrings[slot]!
  const text = bytes.toString('utf8', start, end)
  cachedLengths[slot] = length
  bytes.copy(cached.bytes, place, start, end)
  cachedStrings[slot] = text
  return text
}

/** Of the beginning, the middle and the end: names differ there, and all of it is compared anyway. */
function sampled(buffer: Buffer, start: number, end: number): number {
  let hash = end - start
  const afterFirst = Math.min(end, start + SAMPLE)
  for (let index = start; index < afterFirst; index += 1) hash = (Math.imul(hash, 31) + buffer[index]!) | 0
  const last = Math.max(afterFirst, end - SAMPLE)
  hash = (Math.imul(hash, 31) + (buffer[(afterFirst + last) >>> 1] ?? 0)) | 0
  for (let index = last; index < end; index += 1) hash = (Math.imul(hash, 31) + buffer[index]!) | 0
  return hash
}

const SAMPLE = 4
