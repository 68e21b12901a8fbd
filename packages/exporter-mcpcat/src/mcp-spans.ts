import { spanCount, type Span, type Traces } from '@mcpcat/collector'
import { ATTR_MCP_METHOD_NAME, ATTR_MCPCAT_EVENT_TYPE } from '@mcpcat/semconv'

/** Requests, notifications, and what the MCPcat SDKs publish beside: all that the events API has a type for. */
export function isMcpSpan({ attributes }: Span): boolean {
  return attributes.some(({ key }) => key === ATTR_MCP_METHOD_NAME || key === ATTR_MCPCAT_EVENT_TYPE)
}

/** New lists around the spans that are wanted; the batch itself stays as it is. */
export function spansOf(traces: Traces, isWanted: (span: Span) => boolean): Traces {
  const resourceSpans = traces.resourceSpans.map((group) => ({
    ...group,
    scopeSpans: group.scopeSpans.map((scoped) => ({ ...scoped, spans: scoped.spans.filter(isWanted) })),
  }))
  return { resourceSpans: resourceSpans.filter((group) => spanCount({ resourceSpans: [group] }) > 0) }
}
