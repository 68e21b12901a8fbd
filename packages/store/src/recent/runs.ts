import type { FactsInTurn } from '../fact-columns.js'
import { CountedEvents } from './counted-events.js'
import type { IntentBytes } from './intent-bytes.js'
import type { Pauses } from './recent-key.js'

/** Of a strand, in order of start, further apart than the gap: mostly one, which needs no list. */
export type Runs = CountedEvents | readonly CountedEvents[]

export function runsOf(runs: Runs): readonly CountedEvents[] {
  return runs instanceof CountedEvents ? [runs] : runs
}

/** Adds an event to runs of its strand, and keeps them in order and apart. */
export function addToRuns(
  runs: Runs,
  scope: string,
  ownKey: string,
  event: FactsInTurn,
  { gap, sureGap }: Pick<Pauses, 'gap' | 'sureGap'>,
  intents: IntentBytes,
): Runs {
  const last = runs instanceof CountedEvents ? runs : runs.at(-1)
  if (last && (last.isSurelyProlonged(event, sureGap) || isProlonged(last, event, gap))) {
    last.add(event, intents)
    return runs
  }
  const started = CountedEvents.of(scope, ownKey, event, intents)
  if (!last) return started
  const all = joined([...runsOf(runs), started], gap)
  return all.length === 1 ? (all[0] as CountedEvents) : all
}

function isProlonged(last: CountedEvents, { start }: FactsInTurn, gap: bigint): boolean {
  return start >= last.start && (start <= last.end || start - last.end <= gap)
}

/** Runs of one scope, joined where they lie within the gap of each other; the given ones are not changed. */
export function joined(runs: readonly CountedEvents[], gap: bigint): readonly CountedEvents[] {
  if (runs.length < 2) return runs
  const result: CountedEvents[] = []
  let own = false
  for (const run of runs.toSorted(byStart)) {
    const last = result.at(-1)
    if (!last || run.start - last.end > gap) {
      result.push(run)
      own = false
      continue
    }
    if (!own) {
      result[result.length - 1] = last.copy()
      own = true
    }
    result.at(-1)?.join(run)
  }
  return result
}

function byStart(a: CountedEvents, b: CountedEvents): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1
  return a.firstEventId < b.firstEventId ? -1 : a.firstEventId > b.firstEventId ? 1 : 0
}
