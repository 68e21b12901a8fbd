import { useEffect } from 'preact/hooks'

/**
 * Runs `load` now and then again `everyMs` after it settled, while the page is visible; starts
 * over when `key` changes and rests while it is null. `load` gets a signal that aborts when it is no longer wanted.
 */
export function usePoll(key: string | null, everyMs: number, load: (signal: AbortSignal) => Promise<void>): void {
  useEffect(() => {
    if (key === null) return undefined
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let underway = false
    const run = (): void => {
      clearTimeout(timer)
      if (underway || document.visibilityState === 'hidden') return
      underway = true
      void load(abort.signal).finally(() => {
        underway = false
        if (!abort.signal.aborted) timer = setTimeout(run, everyMs)
      })
    }
    run()
    document.addEventListener('visibilitychange', run)
    return () => {
      abort.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', run)
    }
  }, [key])
}
