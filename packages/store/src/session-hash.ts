import { hash } from 'node:crypto'
import { Bytes } from './native/bytes.js'
import type { SessionColumns } from './session-columns.js'
import { clamped } from './timestamps.js'

const bytes = new Bytes()

/**
 * Stands for everything the row says: what it says again needs not be written. The first half of a
 * SHA-256, in hex, of its columns one after the other; each text has its length before it, and each
 * list its count.
 */
export function contentHash(row: SessionColumns): string {
  bytes.length = 0
  bytes.text(row.project)
  bytes.text(row.session_id)
  bytes.text(row.key)
  bytes.text(row.rung)
  bytes.text(row.source)
  bytes.text(String(row.confidence))
  bytes.text(row.reason)
  time(row.start)
  time(row.end)
  bytes.uint32(row.event_count)
  bytes.uint32(row.tool_calls)
  bytes.uint32(row.errors)
  bytes.uint32(row.missing_tools)
  texts(row.tools)
  bytes.text(row.user_id)
  bytes.text(row.user_name)
  const traits = Object.keys(row.user_traits)
  texts(traits)
  for (const name of traits) bytes.text(row.user_traits[name] as string)
  bytes.text(row.client_name)
  bytes.text(row.client_version)
  bytes.text(row.server_name)
  bytes.text(row.server_version)
  bytes.text(row.protocol_version)
  bytes.text(row.transport)
  texts(row.mcp_session_ids)
  bytes.text(row.first_intent)
  row.search.writeTo(bytes)
  bytes.text(row.first_event_id)
  bytes.text(row.first_own_key)
  bytes.text(row.first_scope)
  texts(row.part_own_keys)
  texts(row.part_scopes)
  for (const start of row.part_starts) time(start)
  for (const end of row.part_ends) time(end)
  texts(row.supersedes)
  bytes.text(row.superseded_by)
  bytes.uint32(row.is_deleted)
  const whole = hash('sha256', bytes.taken())
  // In two parts: one that is cut off would keep the whole.
  return [whole.slice(0, 16), whole.slice(16, 32)].join('')
}

function texts(list: readonly string[]): void {
  bytes.varint(list.length)
  for (const text of list) bytes.text(text)
}

/** As the table has it. */
function time(nanoseconds: bigint): void {
  words64[0] = clamped(nanoseconds)
  bytes.uint32(words32[0] as number)
  bytes.uint32(words32[1] as number)
}

const words64 = new BigInt64Array(1)
const words32 = new Uint32Array(words64.buffer)
