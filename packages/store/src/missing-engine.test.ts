import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

/** A process in which the optional package is not installed. */
const script = `
import { registerHooks } from 'node:module'
registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'chdb') throw Object.assign(new Error('not found'), { code: 'ERR_MODULE_NOT_FOUND' })
    return next(specifier, context)
  },
})
const { openStore } = await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)})
await openStore({ engine: 'chdb', path: process.argv[1] }).catch((error) => console.log(error.name + ': ' + error.message))
`

test('without the embedded engine, one line names the package and the alternative', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script, '/nowhere/mcpcat-data'])
  const said = await text(child.stdout)
  expect(said).toContain('UserError: ')
  expect(said).toContain('needs the optional package chdb')
  expect(said).toContain('npm install chdb')
  expect(said).toContain('engine: clickhouse')
})
