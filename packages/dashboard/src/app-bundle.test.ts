import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const APP = fileURLToPath(new URL('../dist/app/', import.meta.url))
const LARGEST_KB = 80

test('initial JavaScript is at most 80 KB gzipped', async () => {
  const names = (await readdir(`${APP}assets`)).filter((name) => name.endsWith('.js'))
  expect(names.length).toBeGreaterThan(0)
  let bytes = 0
  for (const name of names) bytes += gzipSync(await readFile(`${APP}assets/${name}`)).length
  expect(bytes).toBeLessThanOrEqual(LARGEST_KB * 1024)
})

test('the page needs nothing that the content security policy forbids', async () => {
  const html = await readFile(`${APP}index.html`, 'utf8')
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/)
  expect(html).not.toMatch(/<style|\bstyle=|\son\w+=/)
  expect(html).not.toMatch(/https?:\/\/|data:/)
})
