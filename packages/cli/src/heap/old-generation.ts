import { setFlagsFromString } from 'node:v8'

/** How much garbage there may be beside what lives, in percent of that, before V8 looks for it. */
const GROWING_PERCENT = 50
/** Whoever starts Node with such an option has decided. */
const IS_DECIDED = /--[\w-]*(?:heap[-_]growing|optimize[-_]for[-_]size)/

/**
 * Bounds the garbage among what grew old, at the price of looking for it more often (figures in `bench/README.md`): V8
 * lets two to three times as much pile up by itself as lives. It asks for this whenever a heap has been marked.
 */
export function boundOldGeneration(): void {
  if (IS_DECIDED.test(`${process.env['NODE_OPTIONS'] ?? ''} ${process.execArgv.join(' ')}`)) return
  setFlagsFromString(`--heap-growing-percent=${GROWING_PERCENT}`)
}
