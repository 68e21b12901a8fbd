import { useEffect, useState } from 'preact/hooks'
import type { SessionEvent } from '../../api/answers.js'

export const SPEEDS = [1, 2, 5, 10] as const

/** A pause between two events plays no longer than this, before the speed is applied. */
const LONGEST_PAUSE_MS = 4000
const SHORTEST_STEP_MS = 60

export interface Playback {
  playing: boolean
  speed: number
  /** How long the step to the next event takes. */
  stepMs: number
  toggle: () => void
  setSpeed: (speed: number) => void
}

/** Selects one event after the other in the rhythm in which they happened. */
export function usePlayback(
  events: readonly SessionEvent[],
  selected: SessionEvent | undefined,
  select: (event: SessionEvent) => void,
): Playback {
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  const at = selected ? events.indexOf(selected) : -1
  const next = events[at + 1]
  const pause = selected && next ? Date.parse(next.start) - Date.parse(selected.start) : 0
  const stepMs = Math.max(SHORTEST_STEP_MS, Math.min(LONGEST_PAUSE_MS, pause) / speed)

  useEffect(() => {
    if (!playing) return undefined
    if (!next) {
      setPlaying(false)
      return undefined
    }
    const timer = setTimeout(() => select(next), stepMs)
    return () => clearTimeout(timer)
  }, [playing, next?.id, speed])

  const toggle = (): void => {
    const first = events[0]
    if (!playing && !next && first) select(first)
    setPlaying(!playing)
  }
  return { playing, speed, stepMs, toggle, setSpeed }
}
