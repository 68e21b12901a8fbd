import type { KeyValue, ProcessorFactory, Resource, Span, Traces } from '@mcpcat/collector'
import { duration, setAttribute } from '@mcpcat/collector'
import {
  ATTR_MCP_METHOD_NAME,
  ATTR_MCPCAT_EVENT_TYPE,
  ATTR_MCPCAT_SESSION_CONFIDENCE,
  ATTR_MCPCAT_SESSION_HANDLE,
  ATTR_MCPCAT_SESSION_SOURCE,
  ATTR_SESSION_ID,
  ATTR_SESSION_PREVIOUS_ID,
} from '@mcpcat/semconv'
import type { Placement, TrackedEvent } from '@mcpcat/sessions'
import { eventInterval, readStrand, sessionTracker } from '@mcpcat/sessions'
import type { SessionRulesConfig } from '@mcpcat/sessions/config'
import { checkRules, rulesFrom, sessionRulesShape } from '@mcpcat/sessions/config'
import { z } from 'zod'

export interface SessionsConfig extends SessionRulesConfig {
  /** Strands (a user's or connection's events) remembered at most. Default 100,000, about 1 KB each. */
  readonly max_tracked: number
}

const configSchema: z.ZodType<SessionsConfig> = z
  .strictObject({ ...sessionRulesShape(duration), max_tracked: z.int().min(1).default(100_000) })
  .superRefine(checkRules)

/** How much longer than the longest limit something is remembered, for stragglers. */
const GRACE_MS = 60 * 60_000

/**
 * Stamps `session.id`, `mcpcat.session.source` and `mcpcat.session.confidence` on every MCP event, so
 * that any backend behind it can group by session. It decides by what has passed so far; a store
 * later knows better and keeps the old ids resolvable.
 */
export const sessionsProcessor: ProcessorFactory<SessionsConfig> = {
  kind: 'processor',
  type: 'sessions',
  description: 'Stamps MCP spans with their session, also for stateless servers',
  configSchema,
  create(config, _context, next) {
    const rules = rulesFrom(config)
    const rememberMs = Math.max(rules.gapMs, ...rules.ladder.map(({ limitMs }) => limitMs)) + GRACE_MS
    const tracker = sessionTracker(rules, { maxStrands: config.max_tracked, rememberMs }, Date.now)
    return {
      mutatesData: true,
      async consumeTraces(traces) {
        const events = mcpEvents(traces)
        const placements = tracker.place(
          events.map(({ span, resource }): TrackedEvent => {
            const eventId = `${span.traceId}-${span.spanId}`
            const lookup = (name: string): string | undefined =>
              attributeText(span.attributes, name) ?? attributeText(resource.attributes, name)
            return {
              ...eventInterval(eventId, span.startTimeUnixNano, span.endTimeUnixNano),
              strand: readStrand(lookup, { eventId, traceId: span.traceId }, rules),
            }
          }),
        )
        for (const [index, { span }] of events.entries()) stamp(span.attributes, placements[index] as Placement)
        await next.consumeTraces(traces)
      },
    }
  },
}

function mcpEvents(traces: Traces): { span: Span; resource: Resource }[] {
  const events: { span: Span; resource: Resource }[] = []
  for (const { resource, scopeSpans } of traces.resourceSpans) {
    for (const { spans } of scopeSpans) {
      for (const span of spans) if (isMcpEvent(span)) events.push({ span, resource })
    }
  }
  return events
}

function isMcpEvent(span: Span): boolean {
  return span.attributes.some(({ key }) => key === ATTR_MCP_METHOD_NAME || key === ATTR_MCPCAT_EVENT_TYPE)
}

function attributeText(attributes: readonly KeyValue[], name: string): string | undefined {
  const value = attributes.find(({ key }) => key === name)?.value
  return value?.stringValue ?? (value?.intValue ?? value?.boolValue ?? value?.doubleValue)?.toString()
}

function stamp(attributes: KeyValue[], placement: Placement): void {
  const own = attributeText(attributes, ATTR_SESSION_ID)
  const ours = attributeText(attributes, ATTR_MCPCAT_SESSION_SOURCE) !== undefined
  // The application's own id is evidence: keep it for whoever computes sessions behind us.
  if (own !== undefined && !ours && attributeText(attributes, ATTR_MCPCAT_SESSION_HANDLE) === undefined)
    setAttribute(attributes, ATTR_MCPCAT_SESSION_HANDLE, { stringValue: own })
  setAttribute(attributes, ATTR_SESSION_ID, { stringValue: placement.sessionId })
  setAttribute(attributes, ATTR_MCPCAT_SESSION_SOURCE, { stringValue: placement.source })
  setAttribute(attributes, ATTR_MCPCAT_SESSION_CONFIDENCE, { doubleValue: placement.confidence })
  if (placement.previousId !== undefined) {
    setAttribute(attributes, ATTR_SESSION_PREVIOUS_ID, { stringValue: placement.previousId })
  }
}
