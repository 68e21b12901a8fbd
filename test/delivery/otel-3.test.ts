import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { startSink } from '../harness/otlp-sink.js'

const run = promisify(execFile)
const repository = join(import.meta.dirname, '..', '..')
const folder = join(repository, '.cache', 'otel3')
const sources = join(import.meta.dirname, 'otel-3')

const LINE = [
  '@opentelemetry/api@^1.9.0',
  '@opentelemetry/sdk-trace@^3.1.0',
  '@opentelemetry/resources@^3.1.0',
  '@opentelemetry/exporter-trace-otlp-proto@^0.301.0',
]
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
/** What the 3.x line asks for. */
const supported = major > 22 || (major === 22 && minor >= 15)

/** The 3.x line, kept between runs, and our own packages as they would be published. */
async function install(): Promise<void> {
  const npm = (...packages: string[]): Promise<unknown> =>
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], { cwd: folder })
  await mkdir(folder, { recursive: true })
  if (!existsSync(join(folder, '.installed'))) {
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
    await npm(...LINE)
    await writeFile(join(folder, '.installed'), '')
  }
  const packed = await mkdtemp(join(tmpdir(), 'mcpcat-otel3-'))
  try {
    for (const name of ['semconv', 'exporter']) {
      const cwd = join(repository, 'packages', name)
      await run('npx', ['--yes', 'pnpm@10.34.9', 'pack', '--pack-destination', packed], { cwd })
    }
    await npm(...(await readdir(packed)).map((file) => join(packed, file)))
  } finally {
    await rm(packed, { recursive: true })
  }
  for (const file of await readdir(sources)) await copyFile(join(sources, file), join(folder, file))
}

describe.skipIf(!supported)('the 3.x line of OpenTelemetry', () => {
  beforeAll(install, 180_000)

  it('feeds both ways out: the own one lean, ours with redacted content', async () => {
    const own = await startSink()
    const mcpcat = await startSink()
    try {
      const { stdout, stderr } = await run(process.execPath, ['dual-export.mjs', own.url, mcpcat.url], { cwd: folder })
      expect(stderr).toBe('')
      expect(JSON.parse(stdout)).toMatchObject({ made: 2, sent: 2, dropped: 0, queued: 0 })
      expect(own.spans.map(({ name }) => name)).toEqual(['GET /', 'SELECT', 'tools/call search'])
      expect(mcpcat.spans.map(({ name }) => name)).toEqual(['SELECT', 'tools/call search'])
      expect(own.spans[2]?.attributes).toEqual({ 'mcp.method.name': 'tools/call' })
      expect(mcpcat.spans[1]).toMatchObject({
        attributes: {
          'mcp.method.name': 'tools/call',
          'gen_ai.tool.call.arguments': '{"q":"blue","password":"[REDACTED]"}',
          'gen_ai.tool.call.result': '{"content":[]}',
        },
        events: [{ name: 'exception', attributes: { 'exception.message': 'no mail from [REDACTED:email]' } }],
        resource: { 'service.name': 'inventory', 'host.id': 'found late', 'mcpcat.project.id': 'proj_3' },
      })
      expect(mcpcat.spans[1]?.spanId).toBe(own.spans[2]?.spanId)
    } finally {
      await own.close()
      await mcpcat.close()
    }
  })

  it('has the types that ours are made for', async () => {
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
    const options = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--skipLibCheck']
    await run(process.execPath, [tsc, ...options, 'types.mts'], { cwd: folder })
  })
})
