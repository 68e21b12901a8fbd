import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Of the young generation, in MiB: what `--max-semi-space-size=8` allows. */
const YOUNG_MIB = 16
/** How much garbage there may be beside what lives, in percent of that, before V8 looks for it. */
const GROWING_PERCENT = 50
/** Whoever starts Node with such options has decided. */
const YOUNG_IS_DECIDED = /semi-space|new-space|young-generation/
const GROWING_IS_DECIDED = /heap-growing|optimize-for-size/

/**
 * Keeps V8's heaps small, at the price of collecting garbage more often (figures in `bench/README.md`).
 *
 * The bodies of requests lie outside the heap and are freed when their part of the young generation is collected: with
 * little other garbage, a large one is collected so rarely that they pile up until V8 marks all of the heap for them.
 * Of what grows old V8 lets two to three times as much pile up by itself as lives.
 */
export function keepHeapSmall(): void {
  const options = `${process.env['NODE_OPTIONS'] ?? ''} ${process.execArgv.join(' ')}`
  // Asked whenever a heap has been marked.
  if (!GROWING_IS_DECIDED.test(options)) setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`)
  if (!YOUNG_IS_DECIDED.test(options)) boundYoungGeneration()
}

/**
 * The option itself is read when a heap is made only. How the young generation grows is asked whenever it does, so it
 * is let grow up to here, and again when V8 has made it smaller while nothing came.
 */
function boundYoungGeneration(): void {
  // Those of threads cannot grow either while this one may not: they begin with that much.
  setFlagsFromString(`--min-semi-space-size=${YOUNG_MIB / 2}`)
  let bounded = false
  const observer = new PerformanceObserver(() => {
    const isLarge = youngGeneration() >= YOUNG_MIB * MEBIBYTE
    if (isLarge === bounded) return
    bounded = isLarge
    setFlagsFromString(`--semi-space-growth-factor=${isLarge ? 1 : 2}`)
  })
  observer.observe({ entryTypes: ['gc'] })
}

const MEBIBYTE = 2 ** 20

function youngGeneration(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0
}
