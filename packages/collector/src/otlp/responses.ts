import { WireWriter } from './wire-writer.js'

/** The two encodings of OTLP/HTTP. */
export type Encoding = 'protobuf' | 'json'

export const CONTENT_TYPES: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
}

/** `google.rpc.Code` of an HTTP status. */
const CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  413: 8,
  415: 3,
  429: 8,
  503: 14,
}

/** An `ExportTraceServiceResponse` of full success: an empty message. */
export function successBody(encoding: Encoding): Buffer {
  return encoding === 'json' ? Buffer.from('{}') : Buffer.alloc(0)
}

/** A `google.rpc.Status` for an HTTP error. */
export function statusBody(encoding: Encoding, httpStatus: number, message: string): Buffer {
  const code = CODES[httpStatus] ?? 13
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }))
  const writer = new WireWriter(256)
  writer.string(0x12, message)
  writer.varint(code)
  writer.varint(0x08)
  return writer.finish()
}
