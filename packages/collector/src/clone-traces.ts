import { copiesOf, copyOfFields } from './copy-span.js'
import { WireSpan } from './otlp/wire-span.js'
import type { Span, Traces } from './traces.js'

/**
 * A copy for a consumer that changes its batches. Attribute values are shared: a consumer replaces
 * them and never edits inside one.
 */
export function cloneTraces(traces: Traces): Traces {
  return {
    resourceSpans: traces.resourceSpans.map((group) => ({
      ...group,
      resource: { ...group.resource, attributes: copiesOf(group.resource.attributes) },
      scopeSpans: group.scopeSpans.map((scoped) => ({
        ...scoped,
        scope: { ...scoped.scope, attributes: copiesOf(scoped.scope.attributes) },
        spans: scoped.spans.map(cloneSpan),
      })),
    })),
  }
}

/** The same as plain data, of which nothing is still in the bytes of a request; itself, where none are. */
export function plainTraces(traces: Traces): Traces {
  const isPlain = traces.resourceSpans.every(({ scopeSpans }) =>
    scopeSpans.every(({ spans }) => !spans.some((span) => span instanceof WireSpan)),
  )
  return isPlain ? traces : eachSpan(traces, plainSpan)
}

/** Likewise. */
export function plainSpan(span: Span): Span {
  return span instanceof WireSpan ? span.plain() : span
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
  return span instanceof WireSpan ? span.copy() : { ...copyOfFields(span), attributes: copiesOf(span.attributes) }
}
