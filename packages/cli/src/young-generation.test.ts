import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

/** Lets most of much garbage survive for a while, then says how large the young generation has become, in MiB. */
const SCRIPT = `
  import { getHeapSpaceStatistics } from 'node:v8'
  const { boundYoungGeneration } = await import(process.argv[1])
  if (process.argv[2] === 'bounded') boundYoungGeneration()
  let kept = []
  for (let turn = 0; turn < 150; turn += 1) {
    for (let index = 0; index < 40_000; index += 1) kept.push({ index, list: [index] })
    if (turn % 10 === 9) kept = []
    await new Promise(setImmediate)
  }
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  console.log(space.space_size / 2 ** 20)
`

describe('the young generation', () => {
  test('stays small', () => {
    expect(grownTo('bounded')).toBeLessThanOrEqual(64)
    expect(grownTo('left alone')).toBeGreaterThan(64)
  })

  test('is left alone where Node was started with an option for it', () => {
    expect(grownTo('bounded', '--max-semi-space-size=64')).toBeGreaterThan(64)
  })
})

function grownTo(how: string, ...options: string[]): number {
  const module = new URL('../dist/young-generation.js', import.meta.url).href
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...options, '--input-type=module', '--eval', SCRIPT, module, how],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  )
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return Number(stdout)
}
