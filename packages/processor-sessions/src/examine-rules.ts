import { unlistedExtension, type Finding, type Surroundings } from '@mcpcat/collector'
import { rulesConfigured, sameRules } from '@mcpcat/sessions'
import { rulesFrom } from '@mcpcat/sessions/config'
import type { SessionsConfig } from './factory.js'

/** Rules that cannot be taken, and rules other than those of a store behind the processor. */
export function examineRules(config: SessionsConfig, { path, extensions }: Surroundings): Finding[] {
  const { rules_from: from, storage } = config
  const findings = [
    ...unlistedExtension(['rules_from'], from, extensions),
    ...unlistedExtension(['storage'], storage, extensions),
  ]
  for (const [id, extension] of extensions) {
    const offered = rulesConfigured(extension)
    if (from === undefined && offered !== undefined && !sameRules(rulesFrom(config), offered))
      findings.push({ weight: 'remark', path: [], message: difference(path, id) })
    if (from === id && offered === undefined)
      findings.push({ weight: 'problem', path: ['rules_from'], message: noRules(id) })
  }
  return findings
}

function difference(path: string, extension: string): string {
  return (
    `its rules and those of extensions.${extension}.sessions differ, so the ids that are stamped are not those that are ` +
    `stored; set ${path}.rules_from: ${extension}, and leave gap, handles and ladder out`
  )
}

export function noRules(extension: string): string {
  return `the extension "${extension}" has no session rules; name a store`
}
