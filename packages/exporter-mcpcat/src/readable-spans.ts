import type { AnyValue, KeyValue, Span, Traces } from '@mcpcat/collector'
import type { ReadableSpanLike } from '@mcpcat/exporter/events'
import { SpanKind, SpanStatusCode, type Attributes, type AttributeValue, type HrTime } from '@opentelemetry/api'

/** A span as it came, and as the SDK that made it would show it. */
export interface ReadableSpan {
  readonly span: Span
  readonly readable: ReadableSpanLike
}

/** The spans of a batch in the shape of the SDK, from which events are made. */
export function* readableSpans({ resourceSpans }: Traces): Generator<ReadableSpan> {
  for (const group of resourceSpans) {
    const resource = { attributes: plainAttributes(group.resource.attributes) }
    for (const { scope, spans } of group.scopeSpans) {
      const instrumentationScope = { name: scope.name, version: scope.version }
      for (const span of spans) yield { span, readable: { ...readable(span), resource, instrumentationScope } }
    }
  }
}

/** By their numbers on the wire. */
const KINDS: readonly SpanKind[] = [
  SpanKind.INTERNAL,
  SpanKind.INTERNAL,
  SpanKind.SERVER,
  SpanKind.CLIENT,
  SpanKind.PRODUCER,
  SpanKind.CONSUMER,
]
const STATUSES: readonly SpanStatusCode[] = [SpanStatusCode.UNSET, SpanStatusCode.OK, SpanStatusCode.ERROR]

function readable(span: Span): Omit<ReadableSpanLike, 'resource' | 'instrumentationScope'> {
  const context = { traceId: span.traceId, spanId: span.spanId, traceFlags: span.flags & 0xff }
  return {
    name: span.name,
    kind: KINDS[span.kind] ?? SpanKind.INTERNAL,
    spanContext: () => context,
    parentSpanContext: span.parentSpanId === '' ? undefined : { ...context, spanId: span.parentSpanId },
    startTime: hrTime(span.startTimeUnixNano),
    endTime: hrTime(span.endTimeUnixNano),
    duration: hrTime(span.endTimeUnixNano - span.startTimeUnixNano),
    status: {
      code: STATUSES[span.status.code] ?? SpanStatusCode.UNSET,
      ...(span.status.message !== '' && { message: span.status.message }),
    },
    attributes: plainAttributes(span.attributes),
    links: [],
    events: span.events.map(({ name, timeUnixNano, attributes }) => ({
      name,
      time: hrTime(timeUnixNano),
      attributes: plainAttributes(attributes),
    })),
    ended: true,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  }
}

const NANOS = 1_000_000_000n

function hrTime(nanos: bigint): HrTime {
  return [Number(nanos / NANOS), Number(nanos % NANOS)]
}

function plainAttributes(attributes: readonly KeyValue[]): Attributes {
  // Nested values are no attributes to the SDK, and JSON to the events API.
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value) as AttributeValue]))
}

/** As JSON has it. */
function plain(value: AnyValue): unknown {
  if (value.intValue !== undefined) {
    const number = Number(value.intValue)
    return Number.isSafeInteger(number) ? number : String(value.intValue)
  }
  if (value.doubleValue !== undefined)
    return Number.isFinite(value.doubleValue) ? value.doubleValue : String(value.doubleValue)
  if (value.arrayValue) return value.arrayValue.values.map(plain)
  if (value.kvlistValue)
    return Object.fromEntries(value.kvlistValue.values.map((pair) => [pair.key, plain(pair.value)]))
  if (value.bytesValue) return Buffer.from(value.bytesValue).toString('base64')
  return value.stringValue ?? value.boolValue
}
