import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

const built = (module: string) => JSON.stringify(new URL(`../../dist/heap/${module}.js`, import.meta.url).href)
const YOUNG = [`(await import(${built('young-generation')})).boundYoungGeneration();`]
const NEVER_GROWS = [`(await import('node:v8')).setFlagsFromString('--semi-space-growth-factor=1');`]
const BOTH = [...YOUNG, `(await import(${built('old-generation')})).boundOldGeneration();`]

const YOUNG_MIB = `
  const { getHeapSpaceStatistics } = await import('node:v8')
  const young = () => getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  const youngMib = () => young().space_size / 2 ** 20
`

/** Lets most of much garbage survive for a while, then says how large the young generation has become, in MiB. */
const surviving = (pause: string) => `
  ${YOUNG_MIB}
  let kept = []
  for (let turn = 0; turn < 150; turn += 1) {
    for (let index = 0; index < 40_000; index += 1) kept.push({ index, list: [index] })
    if (turn % 10 === 9) kept = []
    ${pause}
  }
  console.log(youngMib())
`

/** As after a while without work, V8 makes it as small as it can; then says how large it becomes by work. */
const SHRUNK = `
  ${YOUNG_MIB}
  gc({ type: 'major', flavor: 'last-resort' })
  const shrunk = youngMib()
  if (shrunk > 8) throw new Error('V8 left it at ' + shrunk)
  for (let turn = 0; turn < 150; turn += 1) {
    Array.from({ length: 40_000 }, (_, index) => ({ index }))
    await new Promise(setImmediate)
  }
  console.log(youngMib())
`

/** Replaces what lives, a little at a time, and says how much more than that the heap held at most. */
const OLD = `
  const made = (index) => ({ index, list: Array.from({ length: 8 }, () => ({ index })) })
  const live = Array.from({ length: 250_000 }, (_, index) => made(index))
  let replaced = 0
  let most = 0
  const replace = () => {
    for (let index = 0; index < 5_000; index += 1) live[replaced++ % live.length] = made(index)
    most = Math.max(most, process.memoryUsage().heapUsed)
    return new Promise(setImmediate)
  }
  for (let turn = 0; turn < 100; turn += 1) await replace()
  gc()
  const alive = process.memoryUsage().heapUsed
  most = 0
  for (let turn = 0; turn < 500; turn += 1) await replace()
  console.log(most / alive)
`

describe('the young generation', () => {
  const turning = surviving('await new Promise(setImmediate)')

  test.each([
    ['while the event loop turns', turning],
    // As while modules are loaded.
    ['while it does not', surviving('')],
  ])('stays small %s', (_, script) => {
    expect(said(script, YOUNG)).toBeLessThanOrEqual(32)
    expect(said(script)).toBeGreaterThan(32)
  })

  test('becomes that large again when V8 has made it smaller', () => {
    expect(said(SHRUNK, YOUNG, '--expose-gc')).toBeGreaterThan(8)
    // Nothing else would let it grow.
    expect(said(SHRUNK, NEVER_GROWS, '--expose-gc')).toBeLessThanOrEqual(8)
  })

  test('is left alone where Node was started with an option for it', () => {
    expect(said(turning, YOUNG, '--max-semi-space-size=64')).toBeGreaterThan(32)
  })
})

test('what grew old and died does not pile up', () => {
  expect(said(OLD, BOTH, '--expose-gc')).toBeLessThan(3.2)
  expect(said(OLD, BOTH, '--expose-gc', '--heap-growing-percent=400')).toBeGreaterThan(4)
})

/** What a script says that begins with these. */
function said(script: string, bounds: readonly string[] = [], ...options: string[]): number {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...options, '--input-type=module', '--eval', bounds.join('\n') + script],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  )
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return Number(stdout)
}
