/**
 * The side channel between instrumentation and MCPcat's span processor: what a request carried
 * and what it was answered, kept beside the span and not on it, so that ordinary exporters never
 * see it. Shared by every copy of this package in the process.
 */
export interface SpanContent {
  /** `params` of the request or notification, as the server received it (without the injected `context`). */
  request?: unknown
  /** `result` of the response. */
  response?: unknown
}

const registryKey = Symbol.for('mcpcat.span-content.v1')

function registry(): WeakMap<object, SpanContent> {
  const holder = globalThis as { [registryKey]?: WeakMap<object, SpanContent> }
  return (holder[registryKey] ??= new WeakMap())
}

/** Adds to what is known of the span's content. */
export function addSpanContent(span: object, content: SpanContent): void {
  const known = registry().get(span)
  if (known) Object.assign(known, content)
  else registry().set(span, { ...content })
}

export function getSpanContent(span: object): SpanContent | undefined {
  return registry().get(span)
}
