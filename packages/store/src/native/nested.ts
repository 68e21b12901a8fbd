import type { Column } from './columns.js'
import { offsets } from './numbers.js'

/** @param of a column without a prefix of its own: not of low cardinality. */
export function arrayColumn<Value>(of: Column<Value>): Column<readonly Value[]> {
  const ends = offsets()
  let count = 0
  return {
    type: `Array(${of.type})`,
    push(values) {
      for (const value of values) of.push(value)
      count += values.length
      ends.push(count)
    },
    get bytes() {
      return ends.bytes + of.bytes
    },
    chunks: () => [...ends.chunks(), ...of.chunks()],
    clear() {
      ends.clear()
      of.clear()
      count = 0
    },
  }
}

type Values = Readonly<Record<string, unknown>>

/** A tuple with names; its columns have no prefixes of their own. */
export function tupleColumn<Of extends Values>(of: { readonly [Name in keyof Of]: Column<Of[Name]> }): Column<Of> {
  const names = Object.keys(of) as (keyof Of & string)[]
  return {
    type: `Tuple(${names.map((name) => `${name} ${of[name].type}`).join(', ')})`,
    push(row) {
      for (const name of names) of[name].push(row[name])
    },
    get bytes() {
      return names.reduce((sum, name) => sum + of[name].bytes, 0)
    },
    chunks: () => names.flatMap((name) => of[name].chunks()),
    clear() {
      for (const name of names) of[name].clear()
    },
  }
}
