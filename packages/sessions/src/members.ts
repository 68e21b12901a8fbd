/** Who belongs to something: mostly one, which then needs no set. */
export type Members<T extends object> = T | Set<T>

/** In the order in which they were added. */
export function membersOf<T extends object>(members: Members<T> | undefined): Iterable<T> {
  if (members === undefined) return []
  return members instanceof Set ? members : [members]
}

export function withMember<T extends object>(members: Members<T> | undefined, member: T): Members<T> {
  if (members === undefined || members === member) return member
  if (members instanceof Set) return members.add(member)
  return new Set([members, member])
}

/** Undefined where none is left. */
export function withoutMember<T extends object>(members: Members<T> | undefined, member: T): Members<T> | undefined {
  if (!(members instanceof Set)) return members === member ? undefined : members
  members.delete(member)
  return members.size === 0 ? undefined : members
}
