import type { Strand } from './evidence.js'
import type { Members } from './members.js'
import { membersOf, withMember, withoutMember } from './members.js'

interface ScopeMember {
  readonly strand: Strand
}

/** Which strands tell whose a scope of a project is. */
export interface ScopeMembers<Member extends ScopeMember> {
  add(member: Member): void
  remove(member: Member): void
  /** How many. */
  size(project: string, scope: string): number
  /** In the order in which they were added. */
  of(project: string, scope: string): Iterable<Member>
}

export function scopeMembers<Member extends ScopeMember>(): ScopeMembers<Member> {
  const projects = new Map<string, Map<string, Members<Member>>>()
  return {
    add(member) {
      const { project } = member.strand
      const scopes = projects.get(project) ?? new Map<string, Members<Member>>()
      projects.set(project, scopes)
      for (const scope of scopesOf(member.strand)) scopes.set(scope, withMember(scopes.get(scope), member))
    },
    remove(member) {
      const { project } = member.strand
      const scopes = projects.get(project)
      for (const scope of scopesOf(member.strand)) {
        const others = withoutMember(scopes?.get(scope), member)
        if (others) scopes?.set(scope, others)
        else scopes?.delete(scope)
      }
      if (scopes?.size === 0) projects.delete(project)
    },
    size(project, scope) {
      const members = projects.get(project)?.get(scope)
      return members instanceof Set ? members.size : members ? 1 : 0
    },
    of: (project, scope) => membersOf(projects.get(project)?.get(scope)),
  }
}

/** Where a strand tells whose the scope is: its own, and its raw session when it has a handle beside. */
export function scopesOf({ scope, raw }: Strand): string[] {
  if (scope === raw || raw === '') return scope === '' ? [] : [scope]
  return scope === '' ? [raw] : [scope, raw]
}
