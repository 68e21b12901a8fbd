import type { BodyMemory } from './body-memory.js'

/**
 * The chunks of a body as one buffer. The memory of chunks that have theirs for themselves, as those of HTTP/1 do, is
 * given back at once: until V8 looks for garbage, as much of it would pile up again as there is in the bodies.
 *
 * @param chunks nobody else has; not to be used again.
 * @param size of all of them, in bytes.
 * @param memory for it; without, it has its own.
 */
export function joined(chunks: readonly Buffer[], size: number, memory?: BodyMemory): Buffer {
  if (chunks.length === 1 && !memory) return chunks[0] as Buffer
  const whole = memory?.take(size) ?? Buffer.allocUnsafeSlow(size)
  let end = 0
  for (const chunk of chunks) {
    whole.set(chunk, end)
    end += chunk.length
    const { buffer, byteLength } = chunk
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
  }
  return whole
}
