import type { SessionRules } from './rules.js'

/** What a component offers that others may take their rules from. */
export interface RulesSource {
  readonly sessionRules: SessionRules
}

/** The rules that a component of the collector offers, if any. */
export function rulesOffered(component: object): SessionRules | undefined {
  return 'sessionRules' in component ? (component as RulesSource).sessionRules : undefined
}

/** Whether two sets of rules make the same sessions of the same events. */
export function sameRules(a: SessionRules, b: SessionRules): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
