import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { progressBar } from './progress-bar.js'

function shown(isTTY: boolean, steps: readonly number[]): string {
  const out = Object.assign(new PassThrough(), { isTTY })
  let seconds = 0
  const show = progressBar(out, 'rows', () => seconds++ * 1000)
  for (const done of steps) show(done, 2000)
  return String(out.read())
}

test('a bar with what is left, on a terminal', () => {
  const [, half, whole] = shown(true, [1000, 2000]).split('\r')
  expect(half).toBe(`\u001b[K${'█'.repeat(15)}${'░'.repeat(15)} 50 %, 1,000 of 2,000 rows, 1 s left`)
  expect(whole).toBe(`\u001b[K${'█'.repeat(30)} 100 %, 2,000 of 2,000 rows\n`)
})

test('a line every tenth, elsewhere', () => {
  expect(shown(false, [1, 100, 250, 300, 2000, 2000])).toBe('12 %, 250 of 2,000 rows\n100 %, 2,000 of 2,000 rows\n')
})
