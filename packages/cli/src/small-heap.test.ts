import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

/** Lets most of much garbage survive for a while, then says how large the young generation has become, in MiB. */
const YOUNG = `
  const { getHeapSpaceStatistics } = await import('node:v8')
  let kept = []
  for (let turn = 0; turn < 150; turn += 1) {
    for (let index = 0; index < 40_000; index += 1) kept.push({ index, list: [index] })
    if (turn % 10 === 9) kept = []
    await new Promise(setImmediate)
  }
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  console.log(space.space_size / 2 ** 20)
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
  test('stays small', () => {
    expect(said(YOUNG, 'bounded')).toBeLessThanOrEqual(32)
    expect(said(YOUNG, 'left alone')).toBeGreaterThan(64)
  })

  test('is left alone where Node was started with an option for it', () => {
    expect(said(YOUNG, 'bounded', '--max-semi-space-size=64')).toBeGreaterThan(64)
  })
})

test('what grew old and died does not pile up', () => {
  expect(said(OLD, 'bounded', '--expose-gc')).toBeLessThan(3.2)
  expect(said(OLD, 'bounded', '--expose-gc', '--heap-growing-percent=400')).toBeGreaterThan(4)
})

function said(script: string, how: 'bounded' | 'left alone', ...options: string[]): number {
  const module = new URL('../dist/small-heap.js', import.meta.url).href
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...options, '--input-type=module', '--eval', STARTED + script, module, how],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  )
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return Number(stdout)
}

const STARTED = `
  const { keepHeapSmall } = await import(process.argv[1])
  if (process.argv[2] === 'bounded') keepHeapSmall()
`
