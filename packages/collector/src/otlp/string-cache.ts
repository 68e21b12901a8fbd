/** Longer strings rarely repeat, and are cheap to decode for their length. */
const MAX_BYTES = 40
const SLOTS = 4096

/** What was decoded last in each slot; a string that is another simply takes the slot over. */
const cachedBytes: (Uint8Array | undefined)[] = Array.from({ length: SLOTS })
const cachedStrings: string[] = Array.from({ length: SLOTS }, () => '')

/**
 * Decodes UTF-8. Short strings (attribute keys, tool and client names) come again and again: they
 * are recognized by their bytes and shared, which saves the decoding and the memory of the copies.
 */
export function decodeString(buffer: Buffer, start: number, end: number): string {
  const length = end - start
  if (length > MAX_BYTES) return buffer.toString('utf8', start, end)
  let hash = length
  for (let index = start; index < end; index += 1) hash = (Math.imul(hash, 31) + buffer[index]!) | 0
  const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
  const known = cachedBytes[slot]
  if (known && isSame(known, buffer, start, length)) return cachedStrings[slot]!
  const text = buffer.toString('utf8', start, end)
  cachedBytes[slot] = Uint8Array.prototype.slice.call(buffer, start, end)
  cachedStrings[slot] = text
  return text
}

function isSame(known: Uint8Array, buffer: Buffer, start: number, length: number): boolean {
  if (known.length !== length) return false
  for (let index = 0; index < length; index += 1) if (known[index] !== buffer[start + index]) return false
  return true
}
