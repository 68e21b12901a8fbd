import { signal } from '@preact/signals'
import type { Signal } from '@preact/signals'

/** Now, in milliseconds, for the relative times on the page; moves every ten seconds. */
export const now: Signal<number> = signal(Date.now())

setInterval(() => (now.value = Date.now()), 10_000)
