import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from './config/load.js'
import { loadPlugins } from './plugins.js'

const example = join(import.meta.dirname, '..', '..', '..', 'examples', 'collector-plugin')
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-plugins-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const load = (...plugins: string[]) =>
  loadPlugins(
    loadConfig({ sources: [{ name: 'c.yaml', text: `plugins:\n${plugins.map((name) => `  - ${name}`).join('\n')}` }] }),
    folder,
  )

describe('plugins', () => {
  it('load from a path', async () => {
    expect(await load(join(example, 'slow-calls.js'))).toMatchObject([{ kind: 'processor', type: 'slow_calls' }])
  })

  it('load from a package that is installed beside the configuration', async () => {
    const installed = join(folder, 'node_modules', 'a-plugin')
    await mkdir(installed, { recursive: true })
    await writeFile(join(installed, 'package.json'), '{ "name": "a-plugin", "type": "module", "exports": "./main.js" }')
    await writeFile(
      join(installed, 'main.js'),
      "export const a = { kind: 'exporter', type: 'a', create() {} }\nexport const other = 1",
    )
    expect(await load('a-plugin')).toMatchObject([{ kind: 'exporter', type: 'a' }])
  })

  it('say where they are named when they cannot be loaded or bring nothing', async () => {
    await writeFile(join(folder, 'empty.mjs'), 'export const nothing = {}')
    await expect(load('no-such-plugin')).rejects.toThrow(/^c\.yaml:2: plugins\[0\]: cannot load no-such-plugin: /)
    await expect(load('./empty.mjs')).rejects.toThrow('c.yaml:2: plugins[0]: ./empty.mjs exports no component factory')
  })
})

it('the example keeps the contract, with the runner that comes with Node', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap'], { cwd: example })
  expect(stdout).toMatch(/# fail 0/)
  expect(stdout).toContain('marks what takes longer than the limit')
})
