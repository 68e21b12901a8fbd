import type { ReadableSpanLike } from './span-types.js'

/**
 * A finished span as a plain object, with changes. Spread alone would lose what the SDK's span
 * class has on its prototype.
 */
export function copySpan(span: ReadableSpanLike, changes: Partial<ReadableSpanLike>): ReadableSpanLike {
  return {
    name: span.name,
    kind: span.kind,
    spanContext: () => span.spanContext(),
    parentSpanContext: span.parentSpanContext,
    startTime: span.startTime,
    endTime: span.endTime,
    status: span.status,
    attributes: span.attributes,
    links: span.links,
    events: span.events,
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
    ...changes,
  }
}
