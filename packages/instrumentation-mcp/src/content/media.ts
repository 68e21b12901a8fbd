import { createHash } from 'node:crypto'
import type { Json } from './snapshot.js'

const MAX_HASHED = 1024 * 1024

/**
 * An image, audio or blob, described instead of carried: its fields without the data, and beside
 * them its size in bytes and a SHA-256 that tells whether two are the same. Data of more than
 * 1 MiB of base64 is hashed by its first MiB and its length. Nothing for anything else.
 */
export function describeMedia(block: object): { [key: string]: Json } | undefined {
  const { type, data, blob, mimeType, uri } = block as Record<string, unknown>
  const kind = type === 'image' || type === 'audio' ? type : typeof blob === 'string' ? 'blob' : undefined
  const encoded = kind === 'blob' ? blob : data
  if (kind === undefined || typeof encoded !== 'string') return undefined
  const partly = encoded.length > MAX_HASHED
  const hash = createHash('sha256').update(partly ? `${encoded.length}:${encoded.slice(0, MAX_HASHED)}` : encoded)
  return {
    ...(kind !== 'blob' && { type: kind }),
    ...(typeof uri === 'string' && { uri: uri.slice(0, 2048) }),
    ...(typeof mimeType === 'string' && { mimeType: mimeType.slice(0, 256) }),
    'mcpcat.media': {
      kind,
      bytes: decodedLength(encoded),
      [partly ? 'sha256OfStart' : 'sha256']: hash.digest('hex'),
    },
  }
}

/** Bytes that base64 text stands for. */
function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  return Math.max(0, Math.floor((base64.length * 3) / 4) - padding)
}
