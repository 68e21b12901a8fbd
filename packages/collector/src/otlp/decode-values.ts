import type { AnyValue, KeyValue } from '../traces.js'
import { MalformedError, type WireReader } from './wire-reader.js'

/** Deeper values are refused: no emitter nests so far, and each level costs stack. */
const MAX_VALUE_DEPTH = 64

export function keyValueFrom(reader: WireReader, depth: number): KeyValue {
  const outer = reader.enter()
  let key = ''
  let value: AnyValue | undefined
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) key = reader.string()
    else if (tag === 0x12) value = anyValueFrom(reader, depth)
    else reader.skip(tag)
  }
  reader.leave(outer)
  return { key, value: value ?? {} }
}

/** A oneof: the last member wins. */
export function anyValueFrom(reader: WireReader, depth: number): AnyValue {
  if (depth > MAX_VALUE_DEPTH) throw new MalformedError(`an attribute value nested deeper than ${MAX_VALUE_DEPTH}`)
  const outer = reader.enter()
  let value: AnyValue = {}
  while (reader.more()) {
    const tag = reader.tag()
    switch (tag) {
      case 0x0a:
        value = { stringValue: reader.string() }
        break
      case 0x10:
        value = { boolValue: reader.int64() !== 0n }
        break
      case 0x18:
        value = { intValue: reader.int64() }
        break
      case 0x21:
        value = { doubleValue: reader.double() }
        break
      case 0x2a:
        value = { arrayValue: { values: valuesFrom(reader, depth) } }
        break
      case 0x32:
        value = { kvlistValue: { values: keyValuesFrom(reader, depth) } }
        break
      case 0x3a:
        // A copy, so that one small value does not keep a whole request alive.
        value = { bytesValue: Uint8Array.from(reader.bytes()) }
        break
      default:
        reader.skip(tag)
    }
  }
  reader.leave(outer)
  return value
}

function valuesFrom(reader: WireReader, depth: number): AnyValue[] {
  const outer = reader.enter()
  const values: AnyValue[] = []
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) values.push(anyValueFrom(reader, depth + 1))
    else reader.skip(tag)
  }
  reader.leave(outer)
  return values
}

function keyValuesFrom(reader: WireReader, depth: number): KeyValue[] {
  const outer = reader.enter()
  const values: KeyValue[] = []
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) values.push(keyValueFrom(reader, depth + 1))
    else reader.skip(tag)
  }
  reader.leave(outer)
  return values
}
