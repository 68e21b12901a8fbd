import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** In bytes: what `--max-semi-space-size=16` allows. */
const MOST = 32 * 1024 * 1024
/** Whoever starts Node with such an option has decided. */
const DECIDED = /semi-space|new-space|young-generation/

/**
 * Keeps V8's young generation small. The bodies of requests lie outside the heap and are freed when their part of it is
 * collected: with little other garbage, a large young generation is collected so rarely that they pile up until
 * V8 marks all of the heap for them (see `bench/README.md`).
 *
 * The option itself is read when the process starts only. How the young generation grows is asked whenever it
 * does, so it is let grow up to here, and again when V8 has made it smaller while nothing came.
 */
export function boundYoungGeneration(): void {
  if (DECIDED.test(`${process.env['NODE_OPTIONS'] ?? ''} ${process.execArgv.join(' ')}`)) return
  let bounded = false
  const observer = new PerformanceObserver(() => {
    const isLarge = youngGeneration() >= MOST
    if (isLarge === bounded) return
    bounded = isLarge
    setFlagsFromString(`--semi-space-growth-factor=${isLarge ? 1 : 2}`)
  })
  observer.observe({ entryTypes: ['gc'] })
}

function youngGeneration(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0
}
