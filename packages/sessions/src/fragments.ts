/** An event's place in time, in nanoseconds since the epoch. */
export interface EventInterval {
  readonly eventId: string
  readonly start: bigint
  readonly end: bigint
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

/** The order in which fragments, and events, are walked: by start, then by event id. */
export function compareStarts(
  a: { start: bigint; firstEventId: string },
  b: { start: bigint; firstEventId: string },
): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1
  return a.firstEventId < b.firstEventId ? -1 : a.firstEventId > b.firstEventId ? 1 : 0
}

/**
 * Adds one event, seen for the first time, to the fragments of its key. Fragments within the gap of
 * it become one. What comes out does not depend on the order in which events were added.
 */
export function addToFragments(
  fragments: readonly Fragment[],
  scope: string,
  event: EventInterval,
  gap: bigint,
): { fragments: Fragment[]; fragment: Fragment } {
  let merged: Fragment = {
    scope,
    start: event.start,
    end: event.end,
    firstEventId: event.eventId,
    eventCount: 1,
  }
  const apart: Fragment[] = []
  const near: Fragment[] = []
  for (const fragment of fragments) {
    const within = fragment.scope === scope && event.start - fragment.end <= gap && fragment.start - event.end <= gap
    ;(within ? near : apart).push(fragment)
  }
  for (const fragment of near) merged = mergeFragments(merged, fragment)
  return { fragments: [...apart, merged], fragment: merged }
}

function mergeFragments(a: Fragment, b: Fragment): Fragment {
  const first = compareStarts(a, b) <= 0 ? a : b
  return {
    scope: a.scope,
    start: first.start,
    end: a.end > b.end ? a.end : b.end,
    firstEventId: first.firstEventId,
    eventCount: a.eventCount + b.eventCount,
  }
}
