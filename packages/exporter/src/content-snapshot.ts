import type { SpanContent } from '@mcpcat/semconv'
import { jsonView, ownKeys, readProperty, UNREADABLE } from './redaction/json-view.js'

/**
 * What a span carried, as it was when the span ended. Strings cannot change, so only objects and
 * arrays are copied, and of those the first {@link MAX_NODES}: a bounded cost on the request's path.
 * Of larger content the rest is read later, from the host's own objects; should the host change
 * those after it has answered, the change is seen.
 */
export interface ContentSnapshot {
  request?: unknown
  response?: unknown
  /** What it takes in memory, roughly. */
  bytes: number
}

const MAX_NODES = 1000
const MAX_DEPTH = 100
const NODE_BYTES = 32
/** Charged for content of which only a part was looked at. */
const UNSEEN_BYTES = 262_144

interface Count {
  nodes: number
  bytes: number
}

export function snapshotContent(content: SpanContent): ContentSnapshot {
  const count: Count = { nodes: 0, bytes: 0 }
  const snapshot: ContentSnapshot = { bytes: 0 }
  if (content.request !== undefined) snapshot.request = copySafely(content.request, count)
  if (content.response !== undefined) snapshot.response = copySafely(content.response, count)
  snapshot.bytes = count.bytes + (count.nodes > MAX_NODES ? UNSEEN_BYTES : 0)
  return snapshot
}

/** Runs where the host's request ends: nothing may be thrown there. */
function copySafely(value: unknown, count: Count): unknown {
  try {
    return copy(value, count, 0)
  } catch {
    return UNREADABLE // A proxy that was revoked, or that throws.
  }
}

function copy(value: unknown, count: Count, depth: number): unknown {
  count.nodes += 1
  const node = jsonView(value)
  if (typeof node === 'string') count.bytes += node.length
  count.bytes += NODE_BYTES
  if (typeof node !== 'object' || node === null) return node
  if (count.nodes > MAX_NODES || depth >= MAX_DEPTH) return node
  if (Array.isArray(node)) return copyArray(node as readonly unknown[], count, depth)
  // Without a prototype: a key `__proto__` is a key like any other.
  const copied = Object.create(null) as Record<string, unknown>
  for (const key of ownKeys(node)) {
    const member = readProperty(node, key)
    count.bytes += key.length
    copied[key] = count.nodes > MAX_NODES ? member : copy(member, count, depth + 1)
  }
  return copied
}

function copyArray(node: readonly unknown[], count: Count, depth: number): unknown[] {
  const copied: unknown[] = []
  for (let index = 0; index < node.length; index++) {
    if (count.nodes > MAX_NODES) return copied.concat(node.slice(index))
    copied.push(copy(readProperty(node, index), count, depth + 1))
  }
  return copied
}
