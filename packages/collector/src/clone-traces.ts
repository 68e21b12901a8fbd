import { WireSpan } from './otlp/wire-span.js'
import type { KeyValue, Span, Traces } from './traces.js'

/**
 * A copy for a consumer that changes its batches. Attribute values are shared: a consumer replaces
 * them and never edits inside one.
 */
export function cloneTraces(traces: Traces): Traces {
  return {
    resourceSpans: traces.resourceSpans.map((group) => ({
      ...group,
      resource: { ...group.resource, attributes: cloneAttributes(group.resource.attributes) },
      scopeSpans: group.scopeSpans.map((scoped) => ({
        ...scoped,
        scope: { ...scoped.scope, attributes: cloneAttributes(scoped.scope.attributes) },
        spans: scoped.spans.map(cloneSpan),
      })),
    })),
  }
}

/** The same as plain data, with lists in place of attributes that are still in the bytes of a request; itself, where none are. */
export function plainTraces(traces: Traces): Traces {
  const isPlain = traces.resourceSpans.every(({ scopeSpans }) =>
    scopeSpans.every(({ spans }) => !spans.some((span) => span instanceof WireSpan)),
  )
  return isPlain ? traces : eachSpan(traces, (span) => ({ ...span, attributes: span.attributes }))
}

/** The same spans in other lists. */
export function ownLists(traces: Traces): Traces {
  return eachSpan(traces, (span) => span)
}

function eachSpan({ resourceSpans }: Traces, give: (span: Span) => Span): Traces {
  return {
    resourceSpans: resourceSpans.map((group) => ({
      ...group,
      scopeSpans: group.scopeSpans.map((scoped) => ({ ...scoped, spans: scoped.spans.map(give) })),
    })),
  }
}

/** Takes the spans out of a batch: whoever still holds it holds nothing of them. */
export function emptyTraces(traces: Traces): void {
  for (const { scopeSpans } of traces.resourceSpans) for (const scoped of scopeSpans) scoped.spans = []
}

function cloneSpan(span: Span): Span {
  const copy = span instanceof WireSpan ? span.copy() : { ...span, attributes: cloneAttributes(span.attributes) }
  copy.events = span.events.map((event) => ({ ...event, attributes: cloneAttributes(event.attributes) }))
  copy.links = span.links.map((link) => ({ ...link, attributes: cloneAttributes(link.attributes) }))
  copy.status = { ...span.status }
  return copy
}

function cloneAttributes(attributes: readonly KeyValue[]): KeyValue[] {
  return attributes.map(({ key, value }) => ({ key, value }))
}
