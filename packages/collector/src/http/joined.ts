/**
 * The chunks of a body as one buffer. The memory of chunks that have theirs for themselves, as those of HTTP/1 do, is
 * given back at once: until V8 looks for garbage, as much of it would pile up again as there is in the bodies.
 *
 * @param chunks nobody else has; not to be used again.
 * @param size of all of them, in bytes.
 */
export function joined(chunks: readonly Buffer[], size: number): Buffer {
  if (chunks.length === 1) return chunks[0] as Buffer
  const whole = Buffer.concat(chunks, size)
  for (const { buffer, byteLength } of chunks) {
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
  }
  return whole
}
