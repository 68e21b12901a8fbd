import type { Host, ProcessorFactory, Traces } from '@mcpcat/collector'
import { asJournalStorage, duration, setNote, UserError } from '@mcpcat/collector'
import type { SessionRules, TrackerLimits } from '@mcpcat/sessions'
import { defaultRules, knownStrands, rulesOffered, sameRules, sessionTracker } from '@mcpcat/sessions'
import type { SessionRulesConfig } from '@mcpcat/sessions/config'
import { checkRules, rulesFrom, sessionRulesShape } from '@mcpcat/sessions/config'
import { z } from 'zod'
import { examineRules, noRules } from './examine-rules.js'
import { EvidenceReader } from './evidence-reader.js'
import { PassingEvent } from './passing-event.js'
import type { PersistentTracker } from './persistent-tracker.js'
import { memoryTracker, persistentTracker } from './persistent-tracker.js'
import type { Stamp } from './stamp.js'
import { stamps, stampSpan } from './stamp.js'
import { StrandsByEvidence } from './strands-by-evidence.js'

export interface SessionsConfig extends SessionRulesConfig {
  /** Strands (a user's or connection's events) remembered at most. Default 100,000, some 500 bytes each, and 2 KB of those used last. */
  readonly max_tracked: number
  /** Id of an extension, such as the store, whose rules are taken instead of own ones. */
  readonly rules_from?: string | undefined
  /** Id of a `file_storage` extension: what is known of sessions survives the process. */
  readonly storage?: string | undefined
}

const configSchema: z.ZodType<SessionsConfig> = z
  .strictObject({
    ...sessionRulesShape(duration),
    max_tracked: z.int().min(1).default(100_000),
    rules_from: z.string().min(1).optional(),
    storage: z.string().min(1).optional(),
  })
  .superRefine((config, context) => {
    checkRules(config, context)
    if (config.rules_from !== undefined && !sameRules(rulesFrom(config), defaultRules)) {
      context.addIssue({
        code: 'custom',
        path: ['rules_from'],
        message: 'the rules are those of that extension: leave gap, handles and ladder out',
      })
    }
  })

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
  examine: examineRules,
  create(config, context, next) {
    const { id } = context
    let rules = rulesFrom(config)
    let tracker = trackerOf(rules, config)
    let { evidence, strands } = readBy(rules)
    return {
      mutatesData: true,
      holdsNothing: true,
      async start(host) {
        if (config.rules_from !== undefined) {
          rules = rulesTaken(host, config.rules_from, id)
          tracker = trackerOf(rules, config)
          ;({ evidence, strands } = readBy(rules))
        }
        if (config.storage === undefined) return
        const storage = asJournalStorage(host.extension(config.storage), config.storage)
        const folder = await storage.folder(`processor-${id}-${context.pipeline ?? ''}`)
        tracker = await persistentTracker(folder, rules, limitsOf(rules, config), context, stamps())
      },
      shutdown: () => tracker.close(),
      async consumeTraces(traces) {
        await stampAll(traces)
        await next.consumeTraces(traces)
      },
    }

    /** Nothing of the spans is held when it is done. */
    async function stampAll(traces: Traces): Promise<void> {
      const events: PassingEvent[] = []
      for (const { resource, scopeSpans } of traces.resourceSpans) {
        for (const { spans } of scopeSpans) {
          for (const span of spans) {
            if (!evidence.read(span, resource)) continue
            const event = new PassingEvent(span)
            event.known = strands.of(evidence, event)
            events.push(event)
          }
        }
      }
      evidence.release()
      const placed = await tracker.place(events)
      for (let index = 0; index < events.length; index += 1) {
        const { span, known } = events[index] as PassingEvent
        stampSpan(span, placed[index] as Stamp)
        // The stamp is no evidence: what was read before it holds.
        setNote(span, known)
      }
    }
  },
}

function readBy(rules: SessionRules): { evidence: EvidenceReader; strands: StrandsByEvidence } {
  const strands = knownStrands(rules)
  return { evidence: new EvidenceReader(strands.names), strands: new StrandsByEvidence(strands) }
}

function trackerOf(rules: SessionRules, config: SessionsConfig): PersistentTracker<Stamp> {
  return memoryTracker(sessionTracker(rules, limitsOf(rules, config), Date.now, [], stamps()))
}

function limitsOf(rules: SessionRules, { max_tracked }: SessionsConfig): TrackerLimits {
  const rememberMs = Math.max(rules.gapMs, ...rules.ladder.map(({ limitMs }) => limitMs)) + GRACE_MS
  return { maxStrands: max_tracked, rememberMs }
}

/** @throws UserError when the extension has none. */
function rulesTaken(host: Host, from: string, id: string): SessionRules {
  const rules = rulesOffered(host.extension(from))
  if (rules) return rules
  throw new UserError(`processors.${id}.rules_from: ${noRules(from)}`)
}
