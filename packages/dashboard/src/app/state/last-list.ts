import { signal } from '@preact/signals'
import type { Signal } from '@preact/signals'

/** The session list as it was last seen, with its filters: where the way back leads. */
export const lastListUrl: Signal<string> = signal('/sessions')
