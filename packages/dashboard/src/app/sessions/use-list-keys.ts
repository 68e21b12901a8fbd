import { useEffect } from 'preact/hooks'
import { isTyping } from '../lib/keyboard.js'

/** `j` and `k` (or the arrows) step through the rows, Enter opens one, `/` searches. */
export function useListKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey) return
      if (event.key === 'Escape' && event.target instanceof HTMLInputElement) event.target.blur()
      if (isTyping(event.target)) return
      if (event.key === '/') {
        event.preventDefault()
        document.querySelector<HTMLInputElement>('[data-shortcut="/"]')?.focus()
      }
      const step = STEPS[event.key]
      if (step === undefined) return
      const links = [...document.querySelectorAll<HTMLElement>('.row-link')]
      const at = links.indexOf(document.activeElement as HTMLElement)
      const next = links[Math.min(links.length - 1, Math.max(0, at + step))]
      if (!next) return
      event.preventDefault()
      next.focus()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

const STEPS: Record<string, number> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }
