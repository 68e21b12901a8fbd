import { Bytes } from './bytes.js'
import type { Column } from './columns.js'

/** Rows of a table in the `Native` format. */
export interface NativeBlock {
  /** Names and types of its columns, in order. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: number
  readonly chunks: readonly Uint8Array[]
}

/** A block of so many rows from columns that have as many each. */
export function nativeBlock(
  columns: Readonly<Record<string, Pick<Column<never>, 'type' | 'chunks'>>>,
  rows: number,
): NativeBlock {
  const entries = Object.entries(columns)
  const start = new Bytes()
  start.varint(entries.length)
  start.varint(rows)
  const chunks: Uint8Array[] = [start.taken()]
  for (const [name, column] of entries) {
    const header = new Bytes()
    header.text(name)
    header.text(column.type)
    chunks.push(header.taken(), ...column.chunks())
  }
  return { columns: entries.map(([name, { type }]) => ({ name, type })), rows, chunks }
}
