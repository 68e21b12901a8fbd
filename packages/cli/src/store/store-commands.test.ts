import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'mcpcat.js')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-store-commands-'))
  await writeFile(
    join(folder, 'otel-collector.yaml'),
    `receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } }
exporters: { store: { store: store } }
extensions: { store: { path: ./data } }
service: { extensions: [store], pipelines: { traces: { receivers: [otlp], exporters: [store] } } }
`,
  )
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function mcpcat(...args: string[]): Promise<{ code: number; output: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args], { cwd: folder })
    return { code: 0, output: stdout }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, output: stdout + stderr }
  }
}

test('a store is migrated, verified, backed up, restored and asked in SQL', async () => {
  expect(await mcpcat('store', 'migrate')).toEqual({ code: 0, output: 'The schema is up to date.\n' })
  expect(await mcpcat('store', 'verify')).toEqual({ code: 0, output: 'The store is empty.\n' })
  expect(await mcpcat('sql', 'SELECT count() FROM events', '--format', 'TSV')).toEqual({ code: 0, output: '0\n' })
  const refused = await mcpcat('sql', 'DROP TABLE events')
  expect(refused.code).toBe(1)
  expect(refused.output).not.toContain('    at ')

  expect((await mcpcat('store', 'backup', 'one')).output).toContain('The backup is complete')
  expect(await mcpcat('store', 'restore', 'data/backups/one')).toMatchObject({ code: 1 })
  const elsewhere = ['--set', 'extensions.store.path=./restored']
  expect((await mcpcat('store', 'restore', 'data/backups/one', ...elsewhere)).output).toContain('Restored')
  expect(await mcpcat('store', 'verify', ...elsewhere)).toMatchObject({ code: 0 })
  expect((await mcpcat('store', 'verify', '--store', 'other')).output).toContain('no extension other')
}, 240_000)

test('a store is moved to a server that answers, or one line says why not', async () => {
  expect(await mcpcat('store', 'move')).toMatchObject({ code: 1 })
  expect((await mcpcat('store', 'move', '--to', 'there')).output).toContain(
    '--to there is no http:// or https:// address',
  )
  const silent = await mcpcat('store', 'move', '--to', 'http://127.0.0.1:9')
  expect(silent.code).toBe(1)
  expect(silent.output).toContain('ClickHouse at http://127.0.0.1:9 (database default, user default) does not answer')
  expect(silent.output).not.toContain('    at ')
}, 240_000)
