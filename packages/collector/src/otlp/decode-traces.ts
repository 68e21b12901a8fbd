import type {
  EntityRef,
  Resource,
  ResourceSpans,
  Scope,
  ScopeSpans,
  SpanEvent,
  SpanLink,
  SpanStatus,
  Traces,
} from '../traces.js'
import { NO_NUMBER } from '../attributes/names.js'
import { EMPTY_SHAPE, shapeWith } from '../attributes/shapes.js'
import { keyValueFrom } from './decode-values.js'
import { keyValueAt, noteAttribute } from './note-attributes.js'
import { AttributeIndex, WireAttributes } from './wire-attributes.js'
import { WireReader } from './wire-reader.js'
import { WireSpan } from './wire-span.js'

/** What messages with many members cost, see {@link WireReader.enter}. None of them says anything in fewer bytes than it pays for. */
const UNITS = { group: 6, span: 6, event: 2, link: 3, entityRef: 3 }

/** Of a span with what else it has; where there are more, the index grows. */
const BYTES_PER_ATTRIBUTE = 64

/**
 * Decodes an `ExportTraceServiceRequest` (opentelemetry-proto, `collector/trace/v1`) in one pass,
 * without reflection. Unknown fields are skipped. Case labels are `field << 3 | wire type`.
 *
 * The attributes of spans are checked and noted, not read: they stay in the bytes, which must not
 * change as long as the spans are used.
 *
 * @throws MalformedError when the bytes are not such a message.
 */
export function decodeTraces(bytes: Uint8Array): Traces {
  const reader = new WireReader(bytes)
  const index = new AttributeIndex(Math.ceil(bytes.length / BYTES_PER_ATTRIBUTE))
  const resourceSpans: ResourceSpans[] = []
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) resourceSpans.push(resourceSpansFrom(reader, index))
    else reader.skip(tag)
  }
  return { resourceSpans }
}

function resourceSpansFrom(reader: WireReader, index: AttributeIndex): ResourceSpans {
  const outer = reader.enter(UNITS.group)
  const result: ResourceSpans = {
    resource: { attributes: [], droppedAttributesCount: 0 },
    scopeSpans: [],
    schemaUrl: '',
  }
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) readResource(reader, result.resource)
    else if (tag === 0x12) result.scopeSpans.push(scopeSpansFrom(reader, index))
    else if (tag === 0x1a) result.schemaUrl = reader.string()
    else reader.skip(tag)
  }
  reader.leave(outer)
  return result
}

/** Reads into `target`: a message field that occurs twice is merged, as the encoding demands. */
function readResource(reader: WireReader, target: Resource): void {
  const outer = reader.enter()
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) target.attributes.push(keyValueFrom(reader, 0))
    else if (tag === 0x10) target.droppedAttributesCount = reader.uint32()
    else if (tag === 0x1a) (target.entityRefs ??= []).push(entityRefFrom(reader))
    else reader.skip(tag)
  }
  reader.leave(outer)
}

function entityRefFrom(reader: WireReader): EntityRef {
  const outer = reader.enter(UNITS.entityRef)
  const ref: EntityRef = { schemaUrl: '', type: '', idKeys: [], descriptionKeys: [] }
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) ref.schemaUrl = reader.string()
    else if (tag === 0x12) ref.type = reader.string()
    else if (tag === 0x1a) ref.idKeys.push(reader.string())
    else if (tag === 0x22) ref.descriptionKeys.push(reader.string())
    else reader.skip(tag)
  }
  reader.leave(outer)
  return ref
}

function scopeSpansFrom(reader: WireReader, index: AttributeIndex): ScopeSpans {
  const outer = reader.enter(UNITS.group)
  const scope: Scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 }
  const result: ScopeSpans = { scope, spans: [], schemaUrl: '' }
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) readScope(reader, scope)
    else if (tag === 0x12) result.spans.push(spanFrom(reader, index))
    else if (tag === 0x1a) result.schemaUrl = reader.string()
    else reader.skip(tag)
  }
  reader.leave(outer)
  return result
}

function readScope(reader: WireReader, target: Scope): void {
  const outer = reader.enter()
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) target.name = reader.string()
    else if (tag === 0x12) target.version = reader.string()
    else if (tag === 0x1a) target.attributes.push(keyValueFrom(reader, 0))
    else if (tag === 0x20) target.droppedAttributesCount = reader.uint32()
    else reader.skip(tag)
  }
  reader.leave(outer)
}

function spanFrom(reader: WireReader, index: AttributeIndex): WireSpan {
  const outer = reader.enter(UNITS.span)
  const span = new WireSpan()
  const first = index.count
  let name = NO_NUMBER
  let shape = EMPTY_SHAPE
  while (reader.more()) {
    const tag = reader.tag()
    switch (tag) {
      case 0x4a:
        name = noteAttribute(reader, index, name)
        shape = shapeWith(shape, name)
        break
      case 0x0a:
        span.traceId = reader.id(16)
        break
      case 0x12:
        span.spanId = reader.id(8)
        break
      case 0x1a:
        span.traceState = reader.string()
        break
      case 0x22:
        span.parentSpanId = reader.id(8)
        break
      case 0x2a:
        span.name = reader.string()
        break
      case 0x30:
        span.kind = reader.uint32() | 0
        break
      case 0x39:
        span.startTimeUnixNano = reader.fixed64()
        break
      case 0x41:
        span.endTimeUnixNano = reader.fixed64()
        break
      case 0x50:
        span.droppedAttributesCount = reader.uint32()
        break
      case 0x5a:
        span.events.push(eventFrom(reader))
        break
      case 0x60:
        span.droppedEventsCount = reader.uint32()
        break
      case 0x6a:
        span.links.push(linkFrom(reader))
        break
      case 0x70:
        span.droppedLinksCount = reader.uint32()
        break
      case 0x7a:
        readStatus(reader, span.status)
        break
      case 0x85:
        span.flags = reader.fixed32()
        break
      default:
        reader.skip(tag)
    }
  }
  reader.leave(outer)
  return span.decoded(new WireAttributes(reader.source, keyValueAt, index, first, index.count - first, shape))
}

function eventFrom(reader: WireReader): SpanEvent {
  const outer = reader.enter(UNITS.event)
  const event: SpanEvent = { timeUnixNano: 0n, name: '', attributes: [], droppedAttributesCount: 0 }
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x09) event.timeUnixNano = reader.fixed64()
    else if (tag === 0x12) event.name = reader.string()
    else if (tag === 0x1a) event.attributes.push(keyValueFrom(reader, 0))
    else if (tag === 0x20) event.droppedAttributesCount = reader.uint32()
    else reader.skip(tag)
  }
  reader.leave(outer)
  return event
}

function linkFrom(reader: WireReader): SpanLink {
  const outer = reader.enter(UNITS.link)
  const link: SpanLink = {
    traceId: '',
    spanId: '',
    traceState: '',
    attributes: [],
    droppedAttributesCount: 0,
    flags: 0,
  }
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) link.traceId = reader.id(16)
    else if (tag === 0x12) link.spanId = reader.id(8)
    else if (tag === 0x1a) link.traceState = reader.string()
    else if (tag === 0x22) link.attributes.push(keyValueFrom(reader, 0))
    else if (tag === 0x28) link.droppedAttributesCount = reader.uint32()
    else if (tag === 0x35) link.flags = reader.fixed32()
    else reader.skip(tag)
  }
  reader.leave(outer)
  return link
}

function readStatus(reader: WireReader, target: SpanStatus): void {
  const outer = reader.enter()
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x12) target.message = reader.string()
    else if (tag === 0x18) target.code = reader.uint32() | 0
    else reader.skip(tag)
  }
  reader.leave(outer)
}
