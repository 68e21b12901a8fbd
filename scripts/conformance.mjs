// npm run test:conformance: the official conformance suite against servers bare and instrumented; every scenario
// must come out the same. Writes its table to docs/compatibility.md.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cached } from './lib/cache.mjs'
import { table, writeSection } from './lib/compatibility-page.mjs'
import { environment, node24, root } from './lib/run.mjs'
import { fail, green, red, step } from './lib/terminal.mjs'
import { built } from './lib/workspace.mjs'

const suite = '@modelcontextprotocol/conformance@0.2.0-alpha.12'
const servers = [
  { name: 'SDK v1, streamable HTTP, sessions', file: 'v1.mjs' },
  { name: 'SDK v2, streamable HTTP, stateless', file: 'v2.mjs' },
]

await built()
const register = createRequire(join(root, 'test', 'package.json')).resolve('@mcpcat/register')
const folder = await step(suite, () => cached('third-party/modelcontextprotocol-conformance', [suite]))
const program = join(folder, 'node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js')

const faults = []
const rows = []
for (const { name, file } of servers) {
  const script = join(root, 'test', 'third-party', 'conformance', 'servers', file)
  const bare = await step(`${name}, bare`, () => score([script], {}))
  const sink = await startSink()
  const ours = await step(`${name}, instrumented`, () =>
    score(['--require', register, script], { MCPCAT_ENDPOINT: sink.url }),
  )
  sink.close()
  for (const scenario of new Set([...bare.keys(), ...ours.keys()])) {
    if (bare.get(scenario) === ours.get(scenario)) continue
    faults.push(`${red('✗')} ${name}, ${scenario}: ${ours.get(scenario)} instead of ${bare.get(scenario)}`)
  }
  if (sink.requests() === 0) faults.push(`${red('✗')} ${name}: no spans were sent`)
  rows.push([name, bare.size, total(bare), total(ours)])
}

writeSection('conformance', table(['server', 'scenarios', 'checks passed bare', 'instrumented'], rows))
if (faults.length > 0) fail(`${faults.length} differences`, faults.join('\n'))
process.stdout.write(`${green('✓')} the same score with and without us\n`)

/** Runs the whole suite against the server; answers `passed, failed` by scenario. */
async function score(args, env) {
  const results = mkdtempSync(join(tmpdir(), 'mcpcat-conformance-'))
  const server = spawn(node24, args, { env: { ...environment, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [port] = await once(server.stdout, 'data')
    const url = `http://127.0.0.1:${String(port).trim()}/mcp`
    const options = ['server', '--url', url, '--suite', 'all', '--timeout', '5000', '-o', results]
    const run = spawn(node24, [program, ...options], { stdio: ['ignore', 'pipe', 'ignore'] })
    let output = ''
    run.stdout.on('data', (chunk) => (output += chunk))
    await once(run, 'close')
    const lines = output.matchAll(/^. (\S+): (\d+) passed, (\d+) failed$/gm)
    return new Map(
      Array.from(lines, ([, scenario, passed, failed]) => [scenario, `${passed} passed, ${failed} failed`]),
    )
  } finally {
    server.kill()
    await once(server, 'close')
    rmSync(results, { recursive: true, force: true })
  }
}

function total(scores) {
  return [...scores.values()].reduce((sum, line) => sum + Number.parseInt(line, 10), 0)
}

async function startSink() {
  let requests = 0
  const server = createServer((request, response) => {
    requests += 1
    request.resume().on('end', () => response.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${server.address().port}`, requests: () => requests, close: () => server.close() }
}
