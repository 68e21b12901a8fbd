import type { Rung, SessionRules } from './rules.js'
import { defaultRules, knownRungs } from './rules.js'

/** A rung of the ladder: a known one by name, changed in what else is given, or a new one with its attributes. */
export interface RungOptions {
  readonly name: string
  /** All are needed; a list stands for the first present of its members. */
  readonly attributes?: readonly (string | readonly string[])[] | undefined
  /** Milliseconds. Default for a new rung: 30 minutes. */
  readonly limitMs?: number | undefined
  /** 0 to 1. Default for a new rung: 0.5. */
  readonly confidence?: number | undefined
}

export interface RuleOptions {
  /** Milliseconds. Default 30 minutes. */
  readonly gapMs?: number | undefined
  /** Attributes that carry a conversation's id, besides those the default rules know. */
  readonly handles?: readonly string[] | undefined
  /** Strongest first. Default: every known rung but `address`. */
  readonly ladder?: readonly (string | RungOptions)[] | undefined
}

/** Options that make no rules; `path` is where, below the options. */
export class RuleError extends Error {
  override name = 'RuleError'
  readonly path: readonly (string | number)[]
  constructor(message: string, path: readonly (string | number)[]) {
    super(message)
    this.path = path
  }
}

/** The rules that these options describe. @throws RuleError */
export function sessionRules(options: RuleOptions = {}): SessionRules {
  const { gapMs = defaultRules.gapMs, handles = [], ladder = defaultRules.ladder.map(({ name }) => name) } = options
  const names = new Set<string>()
  const rungs = ladder.map((entry, index) => {
    const given = typeof entry === 'string' ? { name: entry } : entry
    if (names.has(given.name))
      throw new RuleError(`the rung ${given.name} stands on the ladder twice`, ['ladder', index])
    names.add(given.name)
    return withHandles(rungOf(given, index), handles)
  })
  return { gapMs, ladder: rungs }
}

function rungOf({ name, attributes, limitMs, confidence }: RungOptions, index: number): Rung {
  const known = knownRungs.find((rung) => rung.name === name)
  const named = attributes?.map((alternatives) => (typeof alternatives === 'string' ? [alternatives] : alternatives))
  if (!known && !named?.length) {
    const names = knownRungs.map((rung) => rung.name).join(', ')
    throw new RuleError(`${name} is no known rung (${names}), and a new one needs attributes`, ['ladder', index])
  }
  if (named && (known?.kind === 'raw' || known?.kind === 'trace')) {
    throw new RuleError(`the rung ${name} does not read attributes`, ['ladder', index, 'attributes'])
  }
  const base: Rung = known ?? {
    name,
    kind: 'attributes',
    attributes: [],
    limitMs: 30 * 60_000,
    source: 'inferred',
    confidence: 0.5,
  }
  return {
    ...base,
    ...(named ? { attributes: named } : {}),
    ...(limitMs === undefined ? {} : { limitMs }),
    ...(confidence === undefined ? {} : { confidence }),
  }
}

function withHandles(rung: Rung, handles: readonly string[]): Rung {
  if (rung.kind !== 'handle') return rung
  return { ...rung, attributes: rung.attributes.map((alternatives) => [...handles, ...alternatives]) }
}
