import type { ByteSource } from '../attributes/byte-source.js'
import { numberOfBytes, numberOfName } from '../attributes/names.js'
import type { KeyValue } from '../traces.js'
import { anyValueFrom, keyValueFrom } from './decode-values.js'
import { OTHER_VALUE, type AttributeIndex } from './attribute-index.js'
import { WireReader } from './wire-reader.js'

const EMPTY_NAME = numberOfName('')

/**
 * Notes a KeyValue message.
 *
 * @param previous number of the name before it.
 * @returns the number of its name.
 */
export function noteAttribute(reader: WireReader, index: AttributeIndex, previous: number): number {
  return noteShortText(reader, index, previous) ?? noteAny(reader, index, previous)
}

/**
 * Notes a message that is what most are: a name, then a text, both short.
 *
 * @returns undefined, and then nothing was read, where it is another one.
 */
function noteShortText(reader: WireReader, index: AttributeIndex, previous: number): number | undefined {
  const { buffer, position: message, left } = reader
  // Of each length one byte: what is longer, or beyond the message, is no such number.
  const length = left > 0 ? (buffer[message] as number) : ONE_BYTE
  if (length >= ONE_BYTE || length >= left || buffer[message + 1] !== NAME_TAG) return undefined
  const end = message + 1 + length
  const from = message + 3
  const value = from + (buffer[message + 2] as number)
  const start = value + 4
  if (start > end || buffer[value] !== VALUE_TAG || buffer[value + 2] !== STRING_VALUE_TAG) return undefined
  if (buffer[value + 1] !== end - value - 2 || buffer[value + 3] !== end - start) return undefined
  reader.pay(2)
  reader.take(end - message)
  const name = numberOfBytes(reader.source, from, value, previous)
  index.add(name, message, start, end)
  return name
}

/** What lengths of one byte are below. */
const ONE_BYTE = 0x80
const NAME_TAG = 0x0a
const VALUE_TAG = 0x12

function noteAny(reader: WireReader, index: AttributeIndex, previous: number): number {
  const message = reader.position
  const outer = reader.enter()
  let name = EMPTY_NAME
  let start = -1
  let end = OTHER_VALUE
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === NAME_TAG) {
      const length = reader.length()
      const from = reader.take(length)
      name = numberOfBytes(reader.source, from, from + length, previous)
    } else if (tag === VALUE_TAG) {
      start = stringValueAt(reader)
      end = start < 0 ? OTHER_VALUE : reader.position
    } else reader.skip(tag)
  }
  reader.leave(outer)
  index.add(name, message, start, end)
  return name
}

/**
 * Passes a value, which is checked.
 *
 * @returns where the string begins that ends where the reader is then; negative where it is anything else.
 */
function stringValueAt(reader: WireReader): number {
  const before = reader.position
  const length = reader.length()
  const end = reader.position + length
  if (length > 0 && reader.buffer[reader.position] === STRING_VALUE_TAG) {
    reader.position += 1
    const start = reader.take(reader.length())
    if (reader.position === end) {
      reader.pay(1)
      return start
    }
  }
  reader.position = before
  anyValueFrom(reader, 0)
  return -1
}

const STRING_VALUE_TAG = 0x0a

/** Reads the KeyValue message that was noted there. */
export function keyValueAt(source: ByteSource, position: number): KeyValue {
  const reader = new WireReader(source)
  reader.position = position
  return keyValueFrom(reader, 0)
}
