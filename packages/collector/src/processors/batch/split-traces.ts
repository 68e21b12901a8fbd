import { spanCount, type ResourceSpans, type ScopeSpans, type Traces } from '../../traces.js'

/** Pieces of at most `max` spans, in order; resources and scopes are repeated where they are cut. */
export function splitTraces(traces: Traces, max: number): Traces[] {
  if (spanCount(traces) <= max) return [traces]
  const pieces: Traces[] = []
  let piece: Traces = { resourceSpans: [] }
  let room = max
  for (const group of traces.resourceSpans) {
    let resource: ResourceSpans | undefined
    for (const scoped of group.scopeSpans) {
      for (let start = 0; start < scoped.spans.length;) {
        const part: ScopeSpans = { ...scoped, spans: scoped.spans.slice(start, start + room) }
        if (!resource) piece.resourceSpans.push((resource = { ...group, scopeSpans: [] }))
        resource.scopeSpans.push(part)
        start += part.spans.length
        room -= part.spans.length
        if (room > 0) continue
        pieces.push(piece)
        piece = { resourceSpans: [] }
        resource = undefined
        room = max
      }
    }
  }
  if (piece.resourceSpans.length > 0) pieces.push(piece)
  return pieces
}
