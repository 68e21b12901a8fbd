import type { EntityRef, Resource, ResourceSpans, Scope, ScopeSpans, SpanEvent, SpanLink, Traces } from '../traces.js'
import { NO_NUMBER } from '../attributes/names.js'
import { EMPTY_SHAPE, shapeWith } from '../attributes/shapes.js'
import { keyValueFrom } from './decode-values.js'
import { AttributeIndex } from './attribute-index.js'
import { noteAttribute } from './note-attributes.js'
import * as field from './span-index.js'
import { SpanIndex } from './span-index.js'
import { WireReader } from './wire-reader.js'
import { type RareFields, WireSpan } from './wire-span.js'

/** What messages with many members cost, see {@link WireReader.enter}. None of them says anything in fewer bytes than it pays for. */
const UNITS = { group: 6, span: 6, event: 2, link: 3, entityRef: 3 }

/** Of a span with what else it has; where there are more, the index grows. */
const BYTES_PER_ATTRIBUTE = 64
/** Likewise, of a span. */
const BYTES_PER_SPAN = 768

/**
 * Decodes an `ExportTraceServiceRequest` (opentelemetry-proto, `collector/trace/v1`) in one pass,
 * without reflection. Unknown fields are skipped. Case labels are `field << 3 | wire type`.
 *
 * Spans are checked and noted, not read: they stay in the bytes, which must not change as long as the
 * spans are used.
 *
 * @throws MalformedError when the bytes are not such a message.
 */
export function decodeTraces(bytes: Uint8Array): Traces {
  const reader = new WireReader(bytes)
  const attributes = new AttributeIndex(reader.source, Math.ceil(bytes.length / BYTES_PER_ATTRIBUTE))
  const index = new SpanIndex(attributes, Math.ceil(bytes.length / BYTES_PER_SPAN))
  const resourceSpans: ResourceSpans[] = []
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) resourceSpans.push(resourceSpansFrom(reader, index))
    else reader.skip(tag)
  }
  return { resourceSpans }
}

function resourceSpansFrom(reader: WireReader, index: SpanIndex): ResourceSpans {
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

function scopeSpansFrom(reader: WireReader, index: SpanIndex): ScopeSpans {
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

function spanFrom(reader: WireReader, index: SpanIndex): WireSpan {
  const outer = reader.enter(UNITS.span)
  const { attributes } = index
  const span = index.add()
  const first = attributes.count
  let name = NO_NUMBER
  let shape = EMPTY_SHAPE
  let rare: RareFields | undefined
  while (reader.more()) {
    const tag = reader.tag()
    switch (tag) {
      case 0x4a:
        name = noteAttribute(reader, attributes, name)
        shape = shapeWith(shape, name)
        break
      case 0x0a:
        index.set(span, field.TRACE_ID, reader.idAt(16))
        break
      case 0x12:
        index.set(span, field.SPAN_ID, reader.idAt(8))
        break
      case 0x1a:
        rare ??= {}
        rare.traceState = reader.string()
        break
      case 0x22:
        index.set(span, field.PARENT_SPAN_ID, reader.idAt(8))
        break
      case 0x2a:
        index.set(span, field.NAME_START, reader.take(reader.length()))
        index.set(span, field.NAME_END, reader.position)
        break
      case 0x30:
        index.set(span, field.KIND, reader.uint32())
        break
      case 0x39:
        index.set(span, field.START_TIME, reader.take(8))
        break
      case 0x41:
        index.set(span, field.END_TIME, reader.take(8))
        break
      case 0x50:
        index.set(span, field.DROPPED_ATTRIBUTES, reader.uint32())
        break
      case 0x5a:
        rare ??= {}
        ;(rare.events ??= []).push(eventFrom(reader))
        break
      case 0x60:
        index.set(span, field.DROPPED_EVENTS, reader.uint32())
        break
      case 0x6a:
        rare ??= {}
        ;(rare.links ??= []).push(linkFrom(reader))
        break
      case 0x70:
        index.set(span, field.DROPPED_LINKS, reader.uint32())
        break
      case 0x7a:
        rare = readStatus(reader, index, span, rare)
        break
      case 0x85:
        index.set(span, field.FLAGS, reader.fixed32())
        break
      default:
        reader.skip(tag)
    }
  }
  reader.leave(outer)
  index.set(span, field.FIRST_ATTRIBUTE, first)
  index.set(span, field.ATTRIBUTES, attributes.count - first)
  index.set(span, field.SHAPE, shape)
  return new WireSpan(index, span, rare)
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

/** @returns what is rare of the span, with the message if there is one. */
function readStatus(
  reader: WireReader,
  index: SpanIndex,
  span: number,
  before: RareFields | undefined,
): RareFields | undefined {
  const outer = reader.enter()
  let rare = before
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x12) {
      rare ??= {}
      rare.statusMessage = reader.string()
    } else if (tag === 0x18) index.set(span, field.STATUS_CODE, reader.uint32())
    else reader.skip(tag)
  }
  reader.leave(outer)
  return rare
}
