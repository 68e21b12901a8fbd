import { WireReader } from './wire-reader.js'
import { WireWriter } from './wire-writer.js'

/** Where gRPC carries a `google.rpc.Status` with its details. */
export const STATUS_DETAILS = 'grpc-status-details-bin'

const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo'

/** A `google.rpc.Status` whose only detail is a `RetryInfo` of `delayMs`. */
export function retryInfoStatus(code: number, message: string, delayMs: number): Buffer {
  const writer = new WireWriter(256)
  const detail = writer.size
  const value = writer.size
  const delay = writer.size
  writer.varint(Math.round((delayMs % 1000) * 1e6))
  writer.varint(0x10)
  writer.varint(Math.floor(delayMs / 1000))
  writer.varint(0x08)
  writer.close(0x0a, delay)
  writer.close(0x12, value)
  writer.string(0x0a, RETRY_INFO)
  writer.close(0x1a, detail)
  writer.string(0x12, message)
  writer.varint(code)
  writer.varint(0x08)
  return writer.finish()
}

/** The delay that a `google.rpc.Status` asks for in milliseconds, or undefined when it asks for none. */
export function retryDelayMs(status: Uint8Array): number | undefined {
  const reader = new WireReader(status)
  let delay: number | undefined
  forEachField(reader, (tag) => {
    if (tag !== 0x1a) return false
    inside(reader, () => (delay = detailDelay(reader) ?? delay))
    return true
  })
  return delay
}

function detailDelay(reader: WireReader): number | undefined {
  let type = ''
  let delay: number | undefined
  forEachField(reader, (tag) => {
    if (tag === 0x0a) type = reader.string()
    else if (tag === 0x12) delay = retryDelayOf(reader.bytes())
    else return false
    return true
  })
  return type === RETRY_INFO ? delay : undefined
}

function retryDelayOf(bytes: Uint8Array): number {
  const reader = new WireReader(bytes)
  let ms = 0
  const readDuration = (): void =>
    forEachField(reader, (tag) => {
      if (tag === 0x08) ms += Number(reader.int64()) * 1000
      else if (tag === 0x10) ms += Number(reader.int64()) / 1e6
      else return false
      return true
    })
  forEachField(reader, (tag) => {
    if (tag !== 0x0a) return false
    inside(reader, readDuration)
    return true
  })
  return ms
}

function forEachField(reader: WireReader, known: (tag: number) => boolean): void {
  while (reader.more()) {
    const tag = reader.tag()
    if (!known(tag)) reader.skip(tag)
  }
}

function inside(reader: WireReader, read: () => void): void {
  const outer = reader.enter()
  read()
  reader.leave(outer)
}
