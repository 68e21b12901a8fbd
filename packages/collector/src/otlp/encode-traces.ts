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
import { WireWriter } from './wire-writer.js'

/**
 * Encodes an `ExportTraceServiceRequest`. Fields are written last to first, see {@link WireWriter};
 * proto3 defaults are left out.
 */
export function encodeTraces(traces: Traces): Buffer {
  const writer = new WireWriter(64 * 1024)
  writeAll(writer, traces.resourceSpans, writeResourceSpans)
  return writer.finish()
}

function writeResourceSpans(writer: WireWriter, group: ResourceSpans): void {
  const before = writer.size
  if (group.schemaUrl) writer.string(0x1a, group.schemaUrl)
  writeAll(writer, group.scopeSpans, writeScopeSpans)
  const resource = writer.size
  if (group.resource.entityRefs) writeAll(writer, group.resource.entityRefs, writeEntityRef)
  writeCount(writer, 0x10, group.resource.droppedAttributesCount)
  writeAttributes(writer, 0x0a, group.resource.attributes)
  writer.close(0x0a, resource)
  writer.close(0x0a, before)
}

function writeEntityRef(writer: WireWriter, ref: EntityRef): void {
  const before = writer.size
  for (const key of ref.descriptionKeys.toReversed()) writer.string(0x22, key)
  for (const key of ref.idKeys.toReversed()) writer.string(0x1a, key)
  if (ref.type) writer.string(0x12, ref.type)
  if (ref.schemaUrl) writer.string(0x0a, ref.schemaUrl)
  writer.close(0x1a, before)
}

function writeScopeSpans(writer: WireWriter, { scope, spans, schemaUrl }: ScopeSpans): void {
  const before = writer.size
  if (schemaUrl) writer.string(0x1a, schemaUrl)
  writeAll(writer, spans, writeSpan)
  const inner = writer.size
  writeCount(writer, 0x20, scope.droppedAttributesCount)
  writeAttributes(writer, 0x1a, scope.attributes)
  if (scope.version) writer.string(0x12, scope.version)
  if (scope.name) writer.string(0x0a, scope.name)
  writer.close(0x0a, inner)
  writer.close(0x12, before)
}

function writeSpan(writer: WireWriter, span: Span): void {
  const before = writer.size
  if (span.flags) {
    writer.fixed32(span.flags)
    writer.varint(0x85)
  }
  if (span.status.code || span.status.message) {
    const inner = writer.size
    writeCount(writer, 0x18, span.status.code)
    if (span.status.message) writer.string(0x12, span.status.message)
    writer.close(0x7a, inner)
  }
  writeCount(writer, 0x70, span.droppedLinksCount)
  writeAll(writer, span.links, writeLink)
  writeCount(writer, 0x60, span.droppedEventsCount)
  writeAll(writer, span.events, writeEvent)
  writeCount(writer, 0x50, span.droppedAttributesCount)
  writeAttributes(writer, 0x4a, span.attributes)
  writeTime(writer, 0x41, span.endTimeUnixNano)
  writeTime(writer, 0x39, span.startTimeUnixNano)
  writeCount(writer, 0x30, span.kind)
  if (span.name) writer.string(0x2a, span.name)
  if (span.parentSpanId) writer.hex(0x22, span.parentSpanId)
  if (span.traceState) writer.string(0x1a, span.traceState)
  if (span.spanId) writer.hex(0x12, span.spanId)
  if (span.traceId) writer.hex(0x0a, span.traceId)
  writer.close(0x12, before)
}

function writeEvent(writer: WireWriter, event: SpanEvent): void {
  const before = writer.size
  writeCount(writer, 0x20, event.droppedAttributesCount)
  writeAttributes(writer, 0x1a, event.attributes)
  if (event.name) writer.string(0x12, event.name)
  writeTime(writer, 0x09, event.timeUnixNano)
  writer.close(0x5a, before)
}

function writeLink(writer: WireWriter, link: SpanLink): void {
  const before = writer.size
  if (link.flags) {
    writer.fixed32(link.flags)
    writer.varint(0x35)
  }
  writeCount(writer, 0x28, link.droppedAttributesCount)
  writeAttributes(writer, 0x22, link.attributes)
  if (link.traceState) writer.string(0x1a, link.traceState)
  if (link.spanId) writer.hex(0x12, link.spanId)
  if (link.traceId) writer.hex(0x0a, link.traceId)
  writer.close(0x6a, before)
}

function writeAttributes(writer: WireWriter, tag: number, attributes: readonly KeyValue[]): void {
  for (let index = attributes.length - 1; index >= 0; index -= 1) {
    const { key, value } = attributes[index]!
    const before = writer.size
    writeValue(writer, 0x12, value)
    if (key) writer.string(0x0a, key)
    writer.close(tag, before)
  }
}

function writeElement(writer: WireWriter, value: AnyValue): void {
  writeValue(writer, 0x0a, value)
}

function writeValue(writer: WireWriter, tag: number, value: AnyValue): void {
  const before = writer.size
  if (value.stringValue !== undefined) writer.string(0x0a, value.stringValue)
  else if (value.boolValue !== undefined) {
    writer.varint(value.boolValue ? 1 : 0)
    writer.varint(0x10)
  } else if (value.intValue !== undefined) {
    writer.int64(value.intValue)
    writer.varint(0x18)
  } else if (value.doubleValue !== undefined) {
    writer.double(value.doubleValue)
    writer.varint(0x21)
  } else if (value.arrayValue !== undefined) {
    const inner = writer.size
    writeAll(writer, value.arrayValue.values, writeElement)
    writer.close(0x2a, inner)
  } else if (value.kvlistValue !== undefined) {
    const inner = writer.size
    writeAttributes(writer, 0x0a, value.kvlistValue.values)
    writer.close(0x32, inner)
  } else if (value.bytesValue !== undefined) writer.bytes(0x3a, value.bytesValue)
  writer.close(tag, before)
}

function writeCount(writer: WireWriter, tag: number, count: number): void {
  if (!count) return
  // A negative enum value takes ten bytes, as in every int32.
  if (count < 0) writer.int64(BigInt(count))
  else writer.varint(count)
  writer.varint(tag)
}

function writeTime(writer: WireWriter, tag: number, time: bigint): void {
  if (time === 0n) return
  writer.fixed64(time)
  writer.varint(tag)
}

/** The last one first. */
function writeAll<T>(writer: WireWriter, items: readonly T[], write: (writer: WireWriter, item: T) => void): void {
  for (let index = items.length - 1; index >= 0; index -= 1) write(writer, items[index]!)
}
