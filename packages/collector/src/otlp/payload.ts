import type { Payload, PayloadSignal } from '../batch.js'
import { WIRE_LENGTH, WireReader } from './wire-reader.js'
import { WireWriter } from './wire-writer.js'

/**
 * The fields that lead from a request to its items, level by level (opentelemetry-proto,
 * `metrics/v1`, `logs/v1`): the kinds of metric are five fields of one level.
 */
const WAYS: Readonly<Record<PayloadSignal, readonly (readonly number[])[]>> = {
  metrics: [[1], [2], [2], [5, 7, 9, 10, 11], [1]],
  logs: [[1], [2], [2]],
}

/**
 * Takes a request as it is, and counts what is in it without reading the items.
 *
 * @throws MalformedError when the bytes are no such message, as far as one has to look.
 */
export function readPayload(signal: PayloadSignal, bytes: Buffer): Payload {
  return { signal, bytes, items: countItems(new WireReader(bytes), WAYS[signal]) }
}

function countItems(reader: WireReader, [fields = [], ...deeper]: readonly (readonly number[])[]): number {
  let count = 0
  while (reader.more()) {
    const tag = reader.tag()
    if ((tag & 7) !== WIRE_LENGTH || !fields.includes(tag >>> 3)) reader.skip(tag)
    else if (deeper.length === 0) {
      reader.skip(tag)
      count += 1
    } else {
      const outer = reader.enter()
      count += countItems(reader, deeper)
      reader.leave(outer)
    }
  }
  return count
}

const FIRST_MESSAGE = 0x0a

/** Gives everything in the request to a project: the attribute replaces what a resource says itself. */
export function withResourceAttribute(payload: Payload, key: string, value: string): Payload {
  const attribute = keyValue(key, value)
  const bytes = rebuilt(payload.bytes, (group) => {
    const own: Buffer[] = []
    // A resource may come in pieces, which count as one.
    const others = rebuilt(group, (resource) => {
      own.push(rebuilt(resource, (candidate) => (keyOf(candidate) === key ? undefined : candidate)))
      return undefined
    })
    return Buffer.concat([message(Buffer.concat([...own, message(attribute)])), others])
  })
  return { ...payload, bytes }
}

/** The same message with its sub-messages in field 1 edited, or left out; all else goes over as it is. */
function rebuilt(bytes: Buffer, edit: (part: Buffer) => Buffer | undefined): Buffer {
  const reader = new WireReader(bytes)
  const parts: Buffer[] = []
  while (reader.more()) {
    const start = reader.position
    const tag = reader.tag()
    if (tag === FIRST_MESSAGE) {
      const edited = edit(reader.bytes())
      if (edited) parts.push(message(edited))
    } else {
      reader.skip(tag)
      parts.push(bytes.subarray(start, reader.position))
    }
  }
  return Buffer.concat(parts)
}

function message(bytes: Buffer): Buffer {
  const writer = new WireWriter(bytes.length + 16)
  writer.bytes(FIRST_MESSAGE, bytes)
  return writer.finish()
}

function keyOf(attribute: Buffer): string {
  const reader = new WireReader(attribute)
  let key = ''
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === FIRST_MESSAGE) key = reader.string()
    else reader.skip(tag)
  }
  return key
}

/** A `KeyValue` with a string. */
function keyValue(key: string, value: string): Buffer {
  const writer = new WireWriter(256)
  const before = writer.size
  writer.string(0x0a, value)
  writer.close(0x12, before)
  writer.string(0x0a, key)
  return writer.finish()
}
