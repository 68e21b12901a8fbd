import { PerformanceObserver, performance } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Of both its halves, in MiB: what `--max-semi-space-size=8` allows. */
const YOUNG_MIB = 16
/** Whoever starts Node with such an option has decided. */
const IS_DECIDED = /--[\w-]*(?:semi[-_]space|new[-_]space|young[-_]generation)/
/** So many collections in a second are of a process that has work to do. */
const OFTEN = 10

/**
 * Keeps what V8 calls the young generation at some 16 MiB, of which it makes 64 by itself while modules are loaded.
 *
 * The bodies of requests lie outside the heap and are freed when their part of the young generation is collected: with
 * little other garbage, a large one is collected so rarely that they pile up until V8 marks all of the heap for them.
 *
 * V8 reads the option for the largest size when it makes a heap, and how much the young generation grows whenever it
 * does. So it is made to grow here, at once, and then no more; and again when V8 has made it smaller while nothing came:
 * up to twice as large then, as what it has committed may be half of what it may take.
 */
export function boundYoungGeneration(): void {
  if (IS_DECIDED.test(`${process.env['NODE_OPTIONS'] ?? ''} ${process.execArgv.join(' ')}`)) return
  // Those of threads cannot grow either: they begin with that much.
  setFlagsFromString(`--min-semi-space-size=${YOUNG_MIB / 2}`)
  grow()
  let collections = 0
  let since = 0
  const observer = new PerformanceObserver((list) => {
    const now = performance.now()
    if (now - since > 1000) {
      since = now
      collections = 0
    }
    collections += list.getEntries().length
    if (collections >= OFTEN && mayDouble()) grow()
  })
  observer.observe({ entryTypes: ['gc'] })
}

/** It grows when as much as it holds has survived collections: some 20 ms of making what survives. */
function grow(): void {
  setFlagsFromString('--semi-space-growth-factor=2')
  const surviving: number[][] = []
  while (mayDouble() && surviving.length < MOST_SURVIVING) {
    for (let index = 0; index < 1000; index += 1)
      surviving.push([index, index, index, index, index, index, index, index])
  }
  setFlagsFromString('--semi-space-growth-factor=1')
}

const MEBIBYTE = 2 ** 20
/** Some 60 MiB: V8 does not grow it by this. */
const MOST_SURVIVING = 500_000

function mayDouble(): boolean {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  return young !== undefined && 2 * young.space_size <= YOUNG_MIB * MEBIBYTE
}
