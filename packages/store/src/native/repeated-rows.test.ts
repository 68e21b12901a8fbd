import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Bytes } from './bytes.js'
import type { Column } from './columns.js'
import { boolColumn, nullableInt32Column } from './columns.js'
import { lowCardinalityColumn } from './low-cardinality.js'
import type { Pairs } from './maps.js'
import { mapColumn } from './maps.js'

/** How often a value comes, one row after the other. */
function runsOf<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<{ value: Value; times: number }[]> {
  return fc.array(fc.record({ value, times: fc.integer({ min: 1, max: 300 }) }), { maxLength: 20 })
}

const pairs: fc.Arbitrary<Pairs> = fc.constantFrom<Pairs>([], ['plan', 'pro'], ['plan', 'é', 'team', 'x'.repeat(200)])

test('maps are the same from a list that comes again as from copies of it', () => {
  fc.assert(
    fc.property(fc.constantFrom('String', 'LowCardinality(String)'), runsOf(pairs), (names, runs) => {
      const column = mapColumn(names)
      const ofCopies = mapColumn(names)
      for (const size of [undefined, column.bytes]) {
        // The second time, what holds the rows is used again.
        if (size !== undefined) for (const each of [column, ofCopies]) each.clear()
        for (const { value, times } of runs) {
          for (let row = 0; row < times; row += 1) {
            column.push(value)
            ofCopies.push([...value])
          }
          // In between, a row that is given its values one by one.
          for (const each of [column, ofCopies]) {
            each.startRow(['name'])
            each.put('value')
          }
        }
        expect(written(column)).toEqual(written(ofCopies))
      }
    }),
  )
})

test('rows that say what the one before says are written as others are', () => {
  fc.assert(
    fc.property(runsOf(fc.boolean()), (runs) => {
      const rows = rowsOf(boolColumn(), runs)
      expect([...rows]).toEqual(runs.flatMap(({ value, times }) => Array<number>(times).fill(value ? 1 : 0)))
    }),
  )
  fc.assert(
    fc.property(runsOf(fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))), (runs) => {
      const rows = rowsOf(nullableInt32Column(), runs)
      const values = runs.flatMap(({ value, times }) => Array<number | null>(times).fill(value))
      expect([...rows.subarray(0, values.length)]).toEqual(values.map((value) => (value === null ? 1 : 0)))
      expect(values.map((_, row) => rows.readInt32LE(values.length + row * 4))).toEqual(
        values.map((value) => value ?? 0),
      )
    }),
  )
})

test('rows of few values point to the same texts, wherever their runs end', () => {
  fc.assert(
    fc.property(runsOf(fc.constantFrom('', 'a', 'é', 'x'.repeat(300))), (runs) => {
      const values = runs.flatMap(({ value, times }) => Array<string>(times).fill(value))
      const keys = [...new Set(values)]
      const texts = new Bytes()
      for (const key of keys) texts.text(key)
      const rows = rowsOf(lowCardinalityColumn(), runs)
      expect(rows.length > 8).toBe(values.length > 0)
      if (values.length === 0) return
      // Version, flags and the number of keys stand before the keys; the number of rows behind them.
      expect(rows.subarray(24, 24 + texts.length)).toEqual(Buffer.from(texts.taken()))
      const positions = rows.subarray(24 + texts.length + 8)
      expect(values.map((_, row) => positions.readUInt32LE(row * 4))).toEqual(
        values.map((value) => keys.indexOf(value)),
      )
    }),
  )
})

/** As they are written the second time into the same column, being looked at in between. */
function rowsOf<Value>(column: Column<Value>, runs: readonly { value: Value; times: number }[]): Buffer {
  for (let round = 0; round < 2; round += 1) {
    column.clear()
    for (const [index, { value, times }] of runs.entries()) {
      for (let row = 0; row < times; row += 1) column.push(value)
      if (index % 2 === 0) expect(column.bytes).toBeGreaterThan(0)
    }
  }
  return written(column)
}

function written(column: { chunks(): Uint8Array[] }): Buffer {
  return Buffer.concat(column.chunks())
}
