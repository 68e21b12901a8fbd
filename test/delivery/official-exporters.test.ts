import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, repository, startCollector, type RunningCollector } from '../end-to-end/collector.js'
import { freePort } from '../harness/free-port.js'
import { normal } from '../interop/every-field.js'
import { exported } from '../interop/processes.js'

const run = promisify(execFile)
const script = join(import.meta.dirname, 'official-exporters', 'every-field.mjs')

const LINE_3 = [
  '@opentelemetry/api@^1.9.0',
  '@opentelemetry/sdk-trace@^3.1.0',
  '@opentelemetry/resources@^3.1.0',
  '@opentelemetry/otlp-transformer@^0.301.0',
  '@opentelemetry/exporter-trace-otlp-http@^0.301.0',
  '@opentelemetry/exporter-trace-otlp-proto@^0.301.0',
  '@opentelemetry/exporter-trace-otlp-grpc@^0.301.0',
]

/** The script beside the 3.x line, which cannot be installed beside 2.x; kept between runs. */
async function besideLine3(): Promise<string> {
  const folder = join(repository, '.cache', 'otel3-exporters')
  if (!existsSync(join(folder, '.installed'))) {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
    await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...LINE_3], { cwd: folder })
    await writeFile(join(folder, '.installed'), '')
  }
  await copyFile(script, join(folder, 'every-field.mjs'))
  return join(folder, 'every-field.mjs')
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
/** What the 3.x line asks for. */
const takesLine3 = major > 22 || (major === 22 && minor >= 15)

let folder: string
let collector: RunningCollector
let grpc: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpcat-exporters-'))
  grpc = `127.0.0.1:${await freePort()}`
  collector = await startCollector(
    `receivers.otlp.protocols.grpc.endpoint=${grpc}`,
    `exporters.file.path=${join(folder, 'received.jsonl')}`,
    'service.pipelines.traces={ receivers: [otlp], processors: [], exporters: [file] }',
  )
})
afterAll(async () => {
  await collector.stop()
  await rm(folder, { recursive: true })
})

/** Their JSON has the resource's schema URL a second time, inside the resource, where OTLP has no such field. */
function withoutResourceSchema(key: string, value: unknown): unknown {
  return key === 'resource' ? { ...(value as object), schemaUrl: undefined } : value
}

describe.each([
  { line: '2', runs: true, install: () => Promise.resolve(script) },
  { line: '3', runs: takesLine3, install: besideLine3 },
])('the official exporters, major version $line:', ({ line, runs, install }) => {
  it.skipIf(!runs)(
    'deliver every field, over HTTP in JSON and protobuf and over gRPC',
    { timeout: 180_000 },
    async () => {
      const file = join(folder, 'received.jsonl')
      const seen = (await exported(file)).length
      const { stdout } = await run(process.execPath, [await install(), line, collector.otlp, `http://${grpc}`], {
        env: { ...process.env, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
      })
      const lines = await eventually(
        () => exported(file),
        ({ length }) => length === seen + 3,
      )
      const sent = normal(JSON.parse(stdout, withoutResourceSchema))
      for (const received of lines.slice(seen)) expect(normal(received)).toEqual(sent)
      // What was sent has all that this is about.
      for (const text of [
        '"kvlistValue"',
        '"bytesValue"',
        '"traceState":"vendor=value,other=2"',
        '"droppedLinksCount":1',
      ])
        expect(stdout).toContain(text)
      for (const text of ['"droppedAttributesCount":1', '"droppedEventsCount":1', '"schemaUrl"', '"flags"'])
        expect(stdout).toContain(text)
    },
  )
})
