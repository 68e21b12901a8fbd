import { z } from 'zod'
import type { ProcessorFactory } from '../../component.js'
import { spanCount, type Traces } from '../../traces.js'
import { matchSchema, spanMatcher, type MatchConfig, type SpanMatcher } from '../attributes/match.js'

export interface FilterConfig {
  spans: {
    /** Only these pass. */
    include?: MatchConfig | undefined
    /** These do not. */
    exclude?: MatchConfig | undefined
  }
}

/** Drops spans that a pipeline does not want. */
export const filterProcessor: ProcessorFactory<FilterConfig> = {
  kind: 'processor',
  type: 'filter',
  description: 'Drops spans by service, name or attributes',
  configSchema: z.strictObject({
    spans: z
      .strictObject({ include: matchSchema.optional(), exclude: matchSchema.optional() })
      .refine(({ include, exclude }) => include ?? exclude, 'expected include or exclude'),
  }),
  create({ spans }, { metrics }, next) {
    const include = spans.include && spanMatcher(spans.include)
    const exclude = spans.exclude && spanMatcher(spans.exclude)
    const keep: SpanMatcher = (span, resource) => (!include || include(span, resource)) && !exclude?.(span, resource)
    const filtered = metrics.counter('otelcol_processor_filter_spans_filtered', 'Spans that were dropped')
    return {
      holdsNothing: true,
      async consumeTraces(traces) {
        const kept = keptSpans(traces, keep)
        const count = spanCount(kept)
        filtered.add(spanCount(traces) - count)
        if (count > 0) await next.consumeTraces(kept)
      },
    }
  },
}

/** New lists around the same spans, so that the batch itself stays as it is; empty groups go. */
function keptSpans(traces: Traces, keep: SpanMatcher): Traces {
  const resourceSpans = traces.resourceSpans.map((group) => ({
    ...group,
    scopeSpans: group.scopeSpans
      .map((scoped) => ({ ...scoped, spans: scoped.spans.filter((span) => keep(span, group.resource)) }))
      .filter(({ spans }) => spans.length > 0),
  }))
  return { resourceSpans: resourceSpans.filter(({ scopeSpans }) => scopeSpans.length > 0) }
}
