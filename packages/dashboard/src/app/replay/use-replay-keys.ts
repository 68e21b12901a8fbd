import { useEffect, useRef } from 'preact/hooks'
import { isTyping } from '../lib/keyboard.js'

interface ReplayActions {
  step: (by: number) => void
  togglePlay: () => void
  leave: () => void
}

/** `j`, `k` and the arrows step, space plays, `/` searches, Escape goes back to the list. */
export function useReplayKeys(actions: ReplayActions): void {
  const latest = useRef(actions)
  latest.current = actions
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey) return
      const { target } = event
      if (isTyping(target)) {
        if (event.key === 'Escape' && target instanceof HTMLElement) target.blur()
        return
      }
      // A focused button keeps its own space key.
      if (event.key === ' ' && target instanceof HTMLElement && target.matches('button, summary, a')) return
      const act = KEYS[event.key]
      if (!act) return
      event.preventDefault()
      act(latest.current)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

const KEYS: Record<string, (actions: ReplayActions) => void> = {
  j: ({ step }) => step(1),
  ArrowDown: ({ step }) => step(1),
  k: ({ step }) => step(-1),
  ArrowUp: ({ step }) => step(-1),
  Home: ({ step }) => step(-Infinity),
  End: ({ step }) => step(Infinity),
  ' ': ({ togglePlay }) => togglePlay(),
  Escape: ({ leave }) => leave(),
  '/': () => document.querySelector<HTMLInputElement>('[data-shortcut="/"]')?.focus(),
}
