/** Nothing happened for longer than this: the pause is drawn compressed. */
export const LONG_GAP_MS = 20_000
/** Share of the whole width that one compressed gap takes, and all of them together at most. */
const GAP_SHARE = 0.03
const GAPS_SHARE_MAX = 0.4
const LANES = 4

export interface Interval {
  id: string
  /** Milliseconds since the session's start. */
  start: number
  duration: number
}

export interface Bar {
  id: string
  /** Shares of the width, 0 to 1. */
  left: number
  width: number
  /** 0-based; calls that overlap lie in different lanes. */
  lane: number
}

export interface Gap {
  left: number
  width: number
  ms: number
}

export interface Waterfall {
  bars: Bar[]
  gaps: Gap[]
  lanes: number
}

interface Stretch {
  from: number
  to: number
  left: number
  width: number
  long: boolean
}

/** Bars on real elapsed time, with long pauses compressed. `intervals` are in order of start. */
export function layoutWaterfall(intervals: readonly Interval[]): Waterfall {
  const stretches = placeStretches(cutAtLongGaps(intervals))
  const laneEnds: number[] = []
  const bars = intervals.map(({ id, start, duration }) => {
    const left = place(stretches, start)
    let lane = laneEnds.findIndex((end) => end <= start)
    if (lane < 0) lane = laneEnds.length < LANES ? laneEnds.length : LANES - 1
    laneEnds[lane] = Math.max(laneEnds[lane] ?? 0, start + duration)
    return { id, left, width: place(stretches, start + duration) - left, lane }
  })
  const gaps = stretches.filter(({ long }) => long).map(({ left, width, from, to }) => ({ left, width, ms: to - from }))
  return { bars, gaps, lanes: Math.max(1, laneEnds.length) }
}

function cutAtLongGaps(intervals: readonly Interval[]): { from: number; to: number; long: boolean }[] {
  const cut: { from: number; to: number; long: boolean }[] = []
  let from = 0
  let end = 0
  for (const { start, duration } of intervals) {
    if (start - end > LONG_GAP_MS) {
      cut.push({ from, to: end, long: false }, { from: end, to: start, long: true })
      from = start
    }
    end = Math.max(end, start + duration)
  }
  cut.push({ from, to: end, long: false })
  return cut
}

function placeStretches(cut: readonly { from: number; to: number; long: boolean }[]): Stretch[] {
  const longGaps = cut.filter(({ long }) => long).length
  const gapWidth = longGaps === 0 ? 0 : Math.min(GAP_SHARE, GAPS_SHARE_MAX / longGaps)
  const busy = cut.reduce((sum, { from, to, long }) => (long ? sum : sum + to - from), 0)
  const busyShare = 1 - longGaps * gapWidth
  let left = 0
  return cut.map((stretch) => {
    const width = stretch.long ? gapWidth : busy === 0 ? 0 : ((stretch.to - stretch.from) / busy) * busyShare
    const placed = { ...stretch, left, width }
    left += width
    return placed
  })
}

function place(stretches: readonly Stretch[], time: number): number {
  const stretch = stretches.find(({ to }) => time <= to) ?? stretches.at(-1)
  if (!stretch) return 0
  const span = stretch.to - stretch.from
  const share = span === 0 ? 0 : Math.min(1, Math.max(0, (time - stretch.from) / span))
  return stretch.left + share * stretch.width
}
