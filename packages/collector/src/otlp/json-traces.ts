import type {
  AnyValue,
  EntityRef,
  KeyValue,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanLink,
  Traces,
} from '../traces.js'
import { plainSpan } from '../clone-traces.js'
import { checkJsonDensity } from './json-density.js'
import { MalformedError } from './wire-reader.js'

const MAX_VALUE_DEPTH = 64

type Json = Record<string, unknown>

/**
 * Reads an `ExportTraceServiceRequest` in OTLP's JSON encoding (opentelemetry-proto,
 * `docs/specification.md`, "JSON Protobuf Encoding"): ids in hex, 64-bit integers as strings or
 * numbers, unknown keys ignored.
 *
 * @throws MalformedError when the text is not JSON, or a value has the wrong type.
 */
export function parseTraces(text: string): Traces {
  const root = object(parseJson(text), 'the request')
  return { resourceSpans: list(root, 'resourceSpans').map(readResourceSpans) }
}

/** An unquoted integer that a double may not hold. */
const LONG_INTEGER = /[:[,]\s*-?\d{16}/

function parseJson(text: string): unknown {
  checkJsonDensity(text)
  try {
    return LONG_INTEGER.test(text) ? JSON.parse(text, keepLongIntegers) : JSON.parse(text)
  } catch (cause) {
    throw new MalformedError('not valid JSON', { cause })
  }
}

function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  const exact = typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined
  return exact || !/^-?\d+$/.test(source) ? value : source
}

function readResourceSpans(value: unknown): ResourceSpans {
  const json = object(value, 'resourceSpans')
  const resource = child(json, 'resource')
  const entityRefs = list(resource, 'entityRefs').map(readEntityRef)
  return {
    resource: {
      attributes: attributes(resource),
      droppedAttributesCount: uint32(resource, 'droppedAttributesCount'),
      ...(entityRefs.length > 0 && { entityRefs }),
    },
    scopeSpans: list(json, 'scopeSpans').map(readScopeSpans),
    schemaUrl: string(json, 'schemaUrl'),
  }
}

function readEntityRef(value: unknown): EntityRef {
  const json = object(value, 'entityRefs')
  const strings = (name: string): string[] => list(json, name).map((item) => string({ [name]: item }, name))
  return {
    schemaUrl: string(json, 'schemaUrl'),
    type: string(json, 'type'),
    idKeys: strings('idKeys'),
    descriptionKeys: strings('descriptionKeys'),
  }
}

function readScopeSpans(value: unknown): ScopeSpans {
  const json = object(value, 'scopeSpans')
  const scope = child(json, 'scope')
  return {
    scope: {
      name: string(scope, 'name'),
      version: string(scope, 'version'),
      attributes: attributes(scope),
      droppedAttributesCount: uint32(scope, 'droppedAttributesCount'),
    },
    spans: list(json, 'spans').map(readSpan),
    schemaUrl: string(json, 'schemaUrl'),
  }
}

function readSpan(value: unknown): Span {
  const json = object(value, 'spans')
  const status = child(json, 'status')
  return {
    traceId: id(json, 'traceId', 32),
    spanId: id(json, 'spanId', 16),
    traceState: string(json, 'traceState'),
    parentSpanId: id(json, 'parentSpanId', 16),
    flags: uint32(json, 'flags'),
    name: string(json, 'name'),
    kind: int32(json, 'kind'),
    startTimeUnixNano: uint64(json, 'startTimeUnixNano'),
    endTimeUnixNano: uint64(json, 'endTimeUnixNano'),
    attributes: attributes(json),
    droppedAttributesCount: uint32(json, 'droppedAttributesCount'),
    events: list(json, 'events').map(readEvent),
    droppedEventsCount: uint32(json, 'droppedEventsCount'),
    links: list(json, 'links').map(readLink),
    droppedLinksCount: uint32(json, 'droppedLinksCount'),
    status: { message: string(status, 'message'), code: int32(status, 'code') },
  }
}

function readEvent(value: unknown): SpanEvent {
  const json = object(value, 'events')
  return {
    timeUnixNano: uint64(json, 'timeUnixNano'),
    name: string(json, 'name'),
    attributes: attributes(json),
    droppedAttributesCount: uint32(json, 'droppedAttributesCount'),
  }
}

function readLink(value: unknown): SpanLink {
  const json = object(value, 'links')
  return {
    traceId: id(json, 'traceId', 32),
    spanId: id(json, 'spanId', 16),
    traceState: string(json, 'traceState'),
    attributes: attributes(json),
    droppedAttributesCount: uint32(json, 'droppedAttributesCount'),
    flags: uint32(json, 'flags'),
  }
}

function attributes(json: Json): KeyValue[] {
  return list(json, 'attributes').map((item) => readKeyValue(item, 0))
}

function readKeyValue(value: unknown, depth: number): KeyValue {
  const json = object(value, 'attributes')
  return { key: string(json, 'key'), value: json['value'] == null ? {} : readValue(json['value'], depth) }
}

function readValue(value: unknown, depth: number): AnyValue {
  if (depth > MAX_VALUE_DEPTH) throw new MalformedError(`an attribute value nested deeper than ${MAX_VALUE_DEPTH}`)
  const json = object(value, 'value')
  if (json['stringValue'] != null) return { stringValue: string(json, 'stringValue') }
  if (json['boolValue'] != null) {
    if (typeof json['boolValue'] !== 'boolean') throw wrong('boolValue')
    return { boolValue: json['boolValue'] }
  }
  if (json['intValue'] != null) return { intValue: int64(json, 'intValue') }
  if (json['doubleValue'] != null) return { doubleValue: double(json, 'doubleValue') }
  if (json['arrayValue'] != null) {
    const values = list(child(json, 'arrayValue'), 'values')
    return { arrayValue: { values: values.map((item) => readValue(item, depth + 1)) } }
  }
  if (json['kvlistValue'] != null) {
    const values = list(child(json, 'kvlistValue'), 'values')
    return { kvlistValue: { values: values.map((item) => readKeyValue(item, depth + 1)) } }
  }
  if (json['bytesValue'] != null)
    return { bytesValue: Uint8Array.from(Buffer.from(string(json, 'bytesValue'), 'base64')) }
  return {}
}

/** The same request in OTLP's JSON encoding, ready for `JSON.stringify`. Defaults are left out. */
export function tracesToJson(traces: Traces): object {
  return {
    resourceSpans: traces.resourceSpans.map(({ resource, scopeSpans, schemaUrl }) => ({
      resource: compact({
        ...resource,
        attributes: resource.attributes.map(keyValueToJson),
        entityRefs: (resource.entityRefs ?? []).map((ref) => compact({ ...ref })),
      }),
      scopeSpans: scopeSpans.map((scoped) => ({
        scope: compact({ ...scoped.scope, attributes: scoped.scope.attributes.map(keyValueToJson) }),
        spans: scoped.spans.map(spanToJson),
        ...compact({ schemaUrl: scoped.schemaUrl }),
      })),
      ...compact({ schemaUrl }),
    })),
  }
}

function spanToJson(given: Span): object {
  const span = plainSpan(given)
  return compact({
    ...span,
    attributes: span.attributes.map(keyValueToJson),
    events: span.events.map((event) => compact({ ...event, attributes: event.attributes.map(keyValueToJson) })),
    links: span.links.map((link) => compact({ ...link, attributes: link.attributes.map(keyValueToJson) })),
    status: compact({ ...span.status }),
  })
}

function keyValueToJson({ key, value }: KeyValue): object {
  return { key, value: valueToJson(value) }
}

function valueToJson(value: AnyValue): object {
  if (value.intValue !== undefined) return { intValue: String(value.intValue) }
  if (value.doubleValue !== undefined) return { doubleValue: doubleToJson(value.doubleValue) }
  if (value.arrayValue) return { arrayValue: { values: value.arrayValue.values.map(valueToJson) } }
  if (value.kvlistValue) return { kvlistValue: { values: value.kvlistValue.values.map(keyValueToJson) } }
  if (value.bytesValue) return { bytesValue: Buffer.from(value.bytesValue).toString('base64') }
  return value
}

function doubleToJson(value: number): number | string {
  if (Object.is(value, -0)) return '-0'
  return Number.isFinite(value) ? value : String(value)
}

function compact(json: Json): Json {
  const result: Json = {}
  for (const [key, value] of Object.entries(json)) {
    if (value === '' || value === 0 || value === 0n || (Array.isArray(value) && value.length === 0)) continue
    result[key] = typeof value === 'bigint' ? String(value) : value
  }
  return result
}

function object(value: unknown, name: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name)
  return value as Json
}

function child(json: Json, name: string): Json {
  return json[name] == null ? {} : object(json[name], name)
}

function list(json: Json, name: string): unknown[] {
  const value = json[name] ?? []
  if (!Array.isArray(value)) throw wrong(name)
  return value
}

function string(json: Json, name: string): string {
  const value = json[name] ?? ''
  if (typeof value !== 'string') throw wrong(name)
  return value
}

function id(json: Json, name: string, digits: number): string {
  const value = string(json, name)
  if (value !== '' && (value.length !== digits || !/^[0-9a-fA-F]+$/.test(value))) throw wrong(name)
  return value.toLowerCase()
}

function integer(json: Json, name: string, minimum: bigint, maximum: bigint): bigint {
  const value = json[name] ?? 0
  if (typeof value === 'string' ? !/^-?\d{1,20}$/.test(value) : !Number.isInteger(value)) throw wrong(name)
  const exact = BigInt(value as string | number)
  if (exact < minimum || exact > maximum) throw wrong(name)
  return exact
}

function uint32(json: Json, name: string): number {
  return Number(integer(json, name, 0n, 0xffff_ffffn))
}

function int32(json: Json, name: string): number {
  return Number(integer(json, name, -0x8000_0000n, 0x7fff_ffffn))
}

function uint64(json: Json, name: string): bigint {
  return integer(json, name, 0n, 0xffff_ffff_ffff_ffffn)
}

function int64(json: Json, name: string): bigint {
  return integer(json, name, -0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn)
}

/** Proto3's JSON also writes doubles as strings, for what JSON's numbers cannot say. */
function double(json: Json, name: string): number {
  const value = json[name]
  if (typeof value === 'number') return value
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isNaN(number) && value !== 'NaN') throw wrong(name)
  return number
}

function wrong(name: string): MalformedError {
  return new MalformedError(`${name} has the wrong type`)
}
