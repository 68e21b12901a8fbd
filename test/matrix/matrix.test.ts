// The part of the matrix that needs nothing but the workspace: this Node, the newest SDKs. In full:
// `npm run test:matrix`.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSink } from '../harness/otlp-sink.js'
import { requireRegister } from '../harness/preload.js'
import { startStdio } from '../harness/stdio-process.js'
import { bundle } from './bundle.js'
import { findFaults, loadings, seeBare } from './cell.js'
import type { Seen } from './cell.js'

const node = process.execPath
const servers = join(import.meta.dirname, 'servers')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-matrix-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const forms = [
  { sdk: 'v1', form: 'ES modules', file: async () => join(servers, 'v1.mjs') },
  { sdk: 'v1', form: 'CommonJS', file: async () => join(servers, 'v1.cjs') },
  { sdk: 'v1', form: 'a minified bundle', file: () => bundle(join(servers, 'v1.mjs'), 'esm', folder) },
  { sdk: 'v2', form: 'ES modules', file: async () => join(servers, 'v2.mjs') },
  { sdk: 'v2', form: 'CommonJS', file: async () => join(servers, 'v2.cjs') },
  { sdk: 'v2', form: 'a minified bundle', file: () => bundle(join(servers, 'v2.mjs'), 'cjs', folder) },
]

describe.each(forms)('SDK $sdk as $form', ({ file }) => {
  let script: string
  let bare: Seen
  beforeAll(async () => {
    script = await file()
    bare = await seeBare(node, script)
  })

  it.each(loadings)('is instrumented by %s, and answers as before', async (loading) => {
    expect(await findFaults({ node, script, loading, seesThrownErrors: true }, bare)).toEqual([])
  })
})

describe('two copies of the SDK in one process', () => {
  it('are both instrumented', async () => {
    const sink = await startSink()
    try {
      const server = startStdio({
        args: [...requireRegister, join(servers, 'dual.mjs')],
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url },
      })
      expect({ ...(await server.ended), stderr: server.stderr() }).toEqual({ code: 0, signal: null, stderr: '' })
      const served = sink.spans.filter(({ kind }) => kind === 1).map(({ name }) => name)
      expect(served.filter((name) => name.startsWith('tools/call'))).toEqual([
        'tools/call from-esm',
        'tools/call from-cjs',
      ])
    } finally {
      await sink.close()
    }
  })
})
