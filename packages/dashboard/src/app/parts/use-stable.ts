import { useRef } from 'preact/hooks'

/** A function that stays the same and always calls the newest one. */
export function useStable<Args extends unknown[]>(latest: (...args: Args) => void): (...args: Args) => void {
  const ref = useRef(latest)
  ref.current = latest
  const stable = useRef((...args: Args) => ref.current(...args))
  return stable.current
}
