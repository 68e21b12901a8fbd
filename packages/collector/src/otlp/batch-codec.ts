import type { Batch, Signal } from '../batch.js'
import { decodeTraces } from './decode-traces.js'
import { encodeTraces } from './encode-traces.js'
import { parseTraces, tracesToJson } from './json-traces.js'
import { readPayload } from './payload.js'
import { parsePayload, payloadToJson } from './payload-json.js'

/** A signal's export request in protobuf. @throws MalformedError */
export function decodeBatch(signal: Signal, bytes: Buffer): Batch {
  return signal === 'traces' ? decodeTraces(bytes) : readPayload(signal, bytes)
}

export function encodeBatch(batch: Batch): Buffer {
  return 'signal' in batch ? batch.bytes : encodeTraces(batch)
}

/** A signal's export request in OTLP's JSON. @throws MalformedError */
export async function parseBatch(signal: Signal, text: string): Promise<Batch> {
  return signal === 'traces' ? parseTraces(text) : parsePayload(signal, text)
}

/** Ready for `JSON.stringify`. */
export async function batchToJson(batch: Batch): Promise<object> {
  return 'signal' in batch ? payloadToJson(batch) : tracesToJson(batch)
}
