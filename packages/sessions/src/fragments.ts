/** An event's place in time, in nanoseconds since the epoch. */
export interface EventInterval {
  readonly eventId: string
  readonly start: bigint
  readonly end: bigint
}

/** An event counts for a day at most, however long it says it was. */
const LONGEST_EVENT = 86_400_000_000_000n

/** The place in time of an event that says it ended then. */
export function eventInterval(eventId: string, start: bigint, end: bigint): EventInterval {
  return { eventId, start, end: eventEnd(start, end) }
}

/** When an event ended that says it ended then; one that ends before it starts has no length. */
export function eventEnd(start: bigint, end: bigint): bigint {
  if (end < start) return start
  return end - start > LONGEST_EVENT ? start + LONGEST_EVENT : end
}

/** A run of events of one scope with no pause longer than the gap. */
export interface Fragment {
  readonly scope: string
  /** Start of the first event. */
  readonly start: bigint
  /** Latest end of any event. */
  readonly end: bigint
  /** Of the first event by `(start, event id)`. */
  readonly firstEventId: string
  readonly eventCount: number
}

/** The order in which fragments are walked: by start, then by event id. */
export function compareStarts(
  a: Pick<Fragment, 'start' | 'firstEventId'>,
  b: Pick<Fragment, 'start' | 'firstEventId'>,
): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1
  return a.firstEventId < b.firstEventId ? -1 : a.firstEventId > b.firstEventId ? 1 : 0
}

/** The fragment of an event by itself. */
export function fragmentOf(scope: string, event: EventInterval): Fragment {
  return { scope, start: event.start, end: event.end, firstEventId: event.eventId, eventCount: 1 }
}

/** A fragment to which events are still added. */
export type OpenFragment = { -readonly [Field in keyof Fragment]: Fragment[Field] }

/**
 * Adds an event that does not come before the fragment's first, nor later than the gap (nanoseconds)
 * allows. Of any other it takes nothing, and returns false.
 */
export function prolong(fragment: OpenFragment, { eventId, start, end }: EventInterval, gap: bigint): boolean {
  if (start < fragment.start) return false
  if (start > fragment.end && start - fragment.end > gap) return false
  if (start > fragment.start || eventId > fragment.firstEventId) fragment.eventCount += 1
  // Otherwise the first event delivered again, or one that comes before it.
  else if (eventId !== fragment.firstEventId) return false
  if (end > fragment.end) fragment.end = end
  return true
}

/**
 * Joins fragments of one scope that lie within the gap (nanoseconds) of each other. Cutting a set of
 * events gives the same fragments as cutting its parts and joining those, in any order.
 */
export function joinFragments(fragments: readonly Fragment[], gap: bigint): Fragment[] {
  if (fragments.length < 2) return [...fragments]
  const joined: Fragment[] = []
  for (const fragment of fragments.toSorted(compareStarts)) {
    const last = joined.at(-1)
    if (last && fragment.start - last.end <= gap) joined[joined.length - 1] = continued(last, fragment)
    else joined.push(fragment)
  }
  return joined
}

function continued(first: Fragment, next: Fragment): Fragment {
  return {
    ...first,
    end: first.end > next.end ? first.end : next.end,
    // The same event delivered again; further on in a fragment nobody needs the exact count.
    eventCount: next.firstEventId === first.firstEventId ? first.eventCount : first.eventCount + next.eventCount,
  }
}
