/**
 * Numbers for the names of attributes. The same few names come with every span: they are recognized
 * by their bytes, and whoever looks for some of them compares numbers.
 */

import { ByteSource, sameBytes } from './byte-source.js'

/** Names past these bounds have no number, and are read as text each time. */
export const MOST_NAMES = 4096
const LONGEST_NAME = 64
/** Four times as many as there are names, so that a free one is near. */
const SLOTS = MOST_NAMES * 4

export const NO_NUMBER = -1

const names: string[] = []
const namesInBytes: ByteSource[] = []
const numbers = new Map<string, number>()
const numberInSlot = new Int32Array(SLOTS).fill(NO_NUMBER)
/** Which name came after it the last time: emitters keep to an order. */
const nextOf = new Int32Array(MOST_NAMES).fill(NO_NUMBER)

/** The number of a name; {@link NO_NUMBER} where there are too many already. */
export function numberOfName(name: string): number {
  const known = numbers.get(name)
  if (known !== undefined) return known
  const bytes = Buffer.from(name)
  // A lone surrogate has no bytes of its own.
  if (bytes.length > LONGEST_NAME || bytes.toString() !== name) return NO_NUMBER
  return added(bytes, name, freeSlot(bytes))
}

export function nameOfNumber(number: number): string {
  return names[number] as string
}

/**
 * The number of the name in these bytes.
 *
 * @param previous number of the name that came before it in the same span.
 */
export function numberOfBytes(source: ByteSource, start: number, end: number, previous: number): number {
  const length = end - start
  if (length > LONGEST_NAME) return NO_NUMBER
  if (previous !== NO_NUMBER) {
    const likely = nextOf[previous] as number
    if (likely !== NO_NUMBER && isName(likely, source, start, length)) return likely
  }
  let slot = slotOf(source.bytes, start, end)
  for (;;) {
    const number = numberInSlot[slot] as number
    if (number === NO_NUMBER) break
    if (isName(number, source, start, length)) {
      if (previous !== NO_NUMBER) nextOf[previous] = number
      return number
    }
    slot = (slot + 1) & (SLOTS - 1)
  }
  const name = source.bytes.toString('utf8', start, end)
  // Bytes that are no UTF-8 read as a name that has other bytes.
  if (Buffer.byteLength(name) !== length || name.includes('\uFFFD')) return NO_NUMBER
  return added(Uint8Array.prototype.slice.call(source.bytes, start, end), name, slot)
}

function added(bytes: Uint8Array, name: string, slot: number): number {
  if (names.length >= MOST_NAMES) return NO_NUMBER
  const number = names.length
  names.push(name)
  namesInBytes.push(new ByteSource(bytes))
  numbers.set(name, number)
  numberInSlot[slot] = number
  return number
}

function freeSlot(bytes: Uint8Array): number {
  let slot = slotOf(bytes, 0, bytes.length)
  while (numberInSlot[slot] !== NO_NUMBER) slot = (slot + 1) & (SLOTS - 1)
  return slot
}

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  for (let index = start; index < end; index += 1) hash = (Math.imul(hash, 31) + (bytes[index] as number)) | 0
  return (hash ^ (hash >>> 15)) & (SLOTS - 1)
}

function isName(number: number, source: ByteSource, start: number, length: number): boolean {
  const name = namesInBytes[number] as ByteSource
  return name.bytes.length === length && sameBytes(name, 0, source, start, length)
}
