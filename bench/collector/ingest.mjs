// Spans a second through the real collector in a process of its own: OTLP/HTTP protobuf → sessions → store,
// or, with `debug`, to an exporter that throws them away.
// node bench/collector/ingest.mjs [store|nothing] [seconds]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeTraces } from '@mcpcat/collector'
import { sampleTraces } from '@mcpcat/collector/testing'

const target = process.argv[2] ?? 'store'
const seconds = Number(process.argv[3] ?? 10)
const SPANS = 1000
const SENDERS = 4

const folder = await mkdtemp(join(tmpdir(), 'mcpcat-bench-'))
const bin = join(dirname(fileURLToPath(import.meta.resolve('@mcpcat/cli/package.json'))), 'bin', 'mcpcat.js')
await writeFile(
  join(folder, 'otel-collector.yaml'),
  target === 'store'
    ? `extensions: { store: { path: ${join(folder, 'data')} } }
receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } }
processors: { sessions: }
exporters: { store: { store: store } }
service: { extensions: [store], pipelines: { traces: { receivers: [otlp], processors: [sessions], exporters: [store] } } }
`
    : `receivers: { otlp: { protocols: { http: { endpoint: '127.0.0.1:0' } } } }
processors: { sessions:, filter: { spans: { include: { services: [nobody] } } } }
exporters: { debug: }
service: { pipelines: { traces: { receivers: [otlp], processors: [sessions, filter], exporters: [debug] } } }
`,
)
const profile = process.env.PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.PROFILE}`] : []
const collector = spawn(process.execPath, [...profile, bin, 'collector'], {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
})
const exited = once(collector, 'exit')
const [{ otlpHttp }] = await once(collector, 'message')

// A few hundred different batches, prepared beforehand, so that the sender costs little.
const batches = Array.from({ length: 200 }, (_, index) => fresh(index))
const agent = new Agent({ keepAlive: true, maxSockets: SENDERS })
let peak = 0
const watch = setInterval(() => (peak = Math.max(peak, resident())), 200)

await run(2)
const result = await run(seconds)
clearInterval(watch)
collector.kill('SIGTERM')
await exited
agent.destroy()
await rm(folder, { recursive: true, force: true })
console.log(
  JSON.stringify({
    target,
    spansPerSecond: Math.round(result.spans / result.elapsed),
    refused: result.refused,
    peakRssMib: Math.round(peak),
  }),
)

async function run(duration) {
  const end = performance.now() + duration * 1000
  const start = performance.now()
  let spans = 0
  let refused = 0
  await Promise.all(
    Array.from({ length: SENDERS }, async (_, sender) => {
      for (let index = sender; performance.now() < end; index += SENDERS) {
        if ((await post(batches[index % batches.length])) === 200) spans += SPANS
        else refused += SPANS
      }
    }),
  )
  return { spans, refused, elapsed: (performance.now() - start) / 1000 }
}

function post(body) {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Length': body.length }
    request(`${otlpHttp}/v1/traces`, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode))
    })
      .once('error', reject)
      .end(body)
  })
}

/** Ids and times of its own for each batch. */
function fresh(index) {
  const traces = sampleTraces(SPANS, 'bench')
  for (const span of traces.resourceSpans[0].scopeSpans[0].spans) {
    span.traceId = index.toString(16).padStart(8, '0') + span.traceId.slice(8)
    span.startTimeUnixNano += BigInt(index) * 1_000_000_000n
    span.endTimeUnixNano += BigInt(index) * 1_000_000_000n
  }
  return encodeTraces(traces)
}

/** Of the collector, in MiB; where there is no /proc, nothing. */
function resident() {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${collector.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    // Another system, or the collector has ended.
    return 0
  }
}
