import type { VNode } from 'preact'

/** Strokes on a 16 × 16 grid. */
const PATHS = {
  sessions: 'M2.500 3.500h11v7.200h-6l-3 2.600v-2.600h-2z',
  search: 'M7 2.800a4.200 4.200 0 1 0 0 8.400 4.200 4.200 0 0 0 0-8.400zM10.200 10.200l3.200 3.200',
  chevron: 'M4.500 6.300 8 9.800l3.500-3.500',
  back: 'M9.800 3.700 5.500 8l4.300 4.300',
  close: 'M4.500 4.500l7 7M11.500 4.500l-7 7',
  copy: 'M5.500 5.500h7.500v7.500H5.500zM3 10.500V3h7.500',
  check: 'M3.500 8.500l3 3 6-6.500',
  error: 'M8 2.200 14.200 13H1.800zM8 6.500v3M8 11.300v.200',
  play: 'M5 3.300v9.400l7.500-4.700z',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  sun: 'M8 5.300a2.700 2.700 0 1 0 0 5.400 2.700 2.700 0 0 0 0-5.400zM8 1.500v1.300M8 13.200v1.300M1.500 8h1.300M13.200 8h1.300M3.400 3.400l.9.9M11.700 11.700l.9.9M12.600 3.400l-.9.9M4.300 11.700l-.9.9',
  moon: 'M13 9.600A5.400 5.400 0 0 1 6.400 3a5.400 5.400 0 1 0 6.600 6.600z',
  system: 'M2.500 3.500h11v7h-11zM5.500 13h5',
  clock: 'M8 2.300a5.700 5.700 0 1 0 0 11.400A5.700 5.700 0 0 0 8 2.300zM8 5v3.200l2.100 1.300',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
