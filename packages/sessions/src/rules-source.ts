import type { SessionRules } from './rules.js'

/** What a component offers that others may take their rules from. */
export interface RulesSource {
  readonly sessionRules: SessionRules
}

/** The rules that a component of the collector offers, if any. */
export function rulesOffered(component: object): SessionRules | undefined {
  return 'sessionRules' in component ? (component as RulesSource).sessionRules : undefined
}

/** What the factory of such a component has: its rules are known before it runs. */
export interface RulesFactory<Config> {
  rulesOf(config: Config): SessionRules
}

/** The rules that a component would offer, of its factory and settings. */
export function rulesConfigured({ factory, config }: { factory: object; config: unknown }): SessionRules | undefined {
  return 'rulesOf' in factory ? (factory as RulesFactory<unknown>).rulesOf(config) : undefined
}

/** Whether two sets of rules make the same sessions of the same events. */
export function sameRules(a: SessionRules, b: SessionRules): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
