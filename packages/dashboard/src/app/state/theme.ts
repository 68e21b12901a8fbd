import { effect, signal } from '@preact/signals'
import type { Signal } from '@preact/signals'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const STORAGE_KEY = 'mcpcat.theme'

/** The reader's choice; `system` follows the operating system. Kept in this browser. */
export const theme: Signal<Theme> = signal(
  THEMES.find((name) => name === localStorage.getItem(STORAGE_KEY)) ?? 'system',
)

effect(() => {
  localStorage.setItem(STORAGE_KEY, theme.value)
  document.documentElement.dataset['theme'] = theme.value
})
