/** How a session was derived, as in `mcpcat.session.source`. */
export type SessionSource = 'protocol' | 'handle' | 'connection' | 'identity' | 'inferred' | 'isolated'

/**
 * One row of the evidence ladder: which attributes name the actor, and how far apart two fragments
 * of that actor may lie to be one session.
 */
export interface Rung {
  /** Unique; part of the key, so renaming a rung renames its sessions. */
  readonly name: string
  /**
   * `handle`: the actor is a conversation, one session whatever the pauses. `user`: an identified
   * user, linked to other events of the same raw session. `attributes`: any other actor that
   * attributes name. `raw`: the protocol session or connection itself. `trace`: the caller's trace.
   */
  readonly kind: 'handle' | 'user' | 'attributes' | 'raw' | 'trace'
  /** For `handle`, `user`, `attributes`: every entry is needed, each the first present of its alternatives. */
  readonly attributes: readonly (readonly string[])[]
  /** Only for events that have this raw session kind. */
  readonly requires?: 'protocol' | 'connection'
  /** Longest pause between two fragments of one session, in milliseconds; 0 never joins fragments. */
  readonly limitMs: number
  readonly source: SessionSource
  /** 0 to 1. */
  readonly confidence: number
}

export interface SessionRules {
  /** Longest pause within a fragment, in milliseconds. */
  readonly gapMs: number
  /** Strongest evidence first; the first rung that an event satisfies names its actor. */
  readonly ladder: readonly Rung[]
}

const MINUTE = 60_000

/** Every rung there is by default, strongest first. */
export const knownRungs: readonly Rung[] = [
  {
    name: 'handle',
    kind: 'handle',
    attributes: [['openai/session', 'gen_ai.conversation.id', 'mcpcat.session.handle', 'session.id']],
    limitMs: 0,
    source: 'handle',
    confidence: 1,
  },
  { name: 'user', kind: 'user', attributes: [['user.id']], limitMs: 30 * MINUTE, source: 'identity', confidence: 0.9 },
  {
    name: 'auth',
    kind: 'attributes',
    attributes: [['mcpcat.auth.subject', 'user.hash']],
    limitMs: 30 * MINUTE,
    source: 'inferred',
    confidence: 0.8,
  },
  {
    name: 'process',
    kind: 'attributes',
    attributes: [['host.id', 'host.name'], ['process.owner']],
    requires: 'connection',
    limitMs: 5 * MINUTE,
    source: 'inferred',
    confidence: 0.6,
  },
  { name: 'raw', kind: 'raw', attributes: [], limitMs: 0, source: 'protocol', confidence: 1 },
  { name: 'trace', kind: 'trace', attributes: [], limitMs: 30 * MINUTE, source: 'inferred', confidence: 0.7 },
  {
    name: 'address',
    kind: 'attributes',
    attributes: [['client.address'], ['user_agent.original']],
    limitMs: 5 * MINUTE,
    source: 'inferred',
    confidence: 0.3,
  },
]

/** Gap 30 minutes; every known rung but `address`, which takes strangers behind one proxy for one user. */
export const defaultRules: SessionRules = {
  gapMs: 30 * MINUTE,
  ladder: knownRungs.filter((rung) => rung.name !== 'address'),
}

/** The rung of an event that nothing connects to another one. */
export const isolatedRung: Rung = {
  name: 'isolated',
  kind: 'attributes',
  attributes: [],
  limitMs: 0,
  source: 'isolated',
  confidence: 0,
}

/** The rung with this name; an unknown one (a row written under other rules) counts as isolated. */
export function rungNamed(rules: SessionRules, name: string): Rung {
  return rules.ladder.find((rung) => rung.name === name) ?? isolatedRung
}
