// The programs of others that npm run test:interop runs against: built or installed once, kept outside the tree.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { environment, quietly, root } from './run.mjs'

const cache =
  process.env.MCPCAT_INTEROP_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mcpcat-interop')

/** Answers `file` in a folder of the cache, which `make` fills when it is not there yet. */
async function once(name, file, make) {
  const folder = join(cache, name)
  const path = join(folder, file)
  if (existsSync(path)) return path
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await make(folder, path)
  return path
}

/** The OpenTelemetry Collector with the components of test/interop/otelcol/manifest.yaml, made by its own builder. */
export function otelcol() {
  const manifest = join(root, 'test', 'interop', 'otelcol', 'manifest.yaml')
  const version = /^ {2}version: (\S+)$/m.exec(readFileSync(manifest, 'utf8'))[1]
  return once(`otelcol-${version}`, join('build', 'otelcol'), async (folder) => {
    const env = { ...environment, GOBIN: folder }
    await quietly('go', ['install', `go.opentelemetry.io/collector/cmd/builder@v${version}`], { env })
    await quietly(join(folder, 'builder'), ['--config', manifest], { cwd: folder, env })
  })
}

/** Jaeger 2, of which 1.76.0 is the module's version. Its user interface is not part of the module; its API is. */
export function jaeger() {
  const version = '1.76.0'
  return once(`jaeger-${version}`, 'jaeger', async (folder, path) => {
    const module = `github.com/jaegertracing/jaeger@v${version}`
    // From a copy, with the module's own go.sum: it replaces a dependency, which `go install` does not allow.
    const { Dir } = JSON.parse(await quietly('go', ['mod', 'download', '-json', module]))
    const source = join(folder, 'source')
    cpSync(Dir, source, { recursive: true })
    makeWritable(source)
    await quietly('go', ['build', '-o', path, './cmd/jaeger'], { cwd: source })
    rmSync(source, { recursive: true })
  })
}

/** The module cache is read-only, folders too. */
function makeWritable(folder) {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(join(folder, entry.name))
    else chmodSync(join(folder, entry.name), 0o644)
  }
}

/** A Python of its own with these packages. */
export function python(name, packages) {
  return once(name, join('bin', 'python'), async (folder, path) => {
    await quietly('python3', ['-m', 'venv', folder])
    try {
      await quietly(path, ['-m', 'pip', 'install', '--quiet', ...packages])
    } catch (error) {
      rmSync(folder, { recursive: true })
      throw error
    }
  })
}
