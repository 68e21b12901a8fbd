// Spans a second through the real collector in a process of its own: OTLP/HTTP protobuf → sessions → store, or, with
// `nothing`, to an exporter that throws them away; with its memory, and the CPU time that a span costs.
// node bench/collector/ingest.mjs [store|nothing] [seconds] [spans of a request] [requests in flight] [live sessions]
//   [spans a second that are offered; as many as are taken when it is left out]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { traffic } from './traffic.mjs'

const [target = 'store', ...sizes] = process.argv.slice(2)
/** Until V8 has compiled what runs often, of which the first seconds have a seventh of all CPU time, and sessions come and go. */
const WARM_UP_SECONDS = 10
const [seconds = 10, spansOfRequest = 4000, inFlight = 8, live = 5000, offered = Infinity] = sizes.map(Number)

const folder = await mkdtemp(join(tmpdir(), 'mcpcat-bench-'))
const data = join(folder, 'data')
const bin = join(dirname(fileURLToPath(import.meta.resolve('@mcpcat/cli/package.json'))), 'bin', 'mcpcat.js')
await writeFile(
  join(folder, 'otel-collector.yaml'),
  target === 'store'
    ? `extensions: { store: { path: ${data} } }
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

/** What was not taken in time is made up for within this. */
const MOST_BEHIND_MS = 500
let turn = 0

const { next, release, stats } = traffic(spansOfRequest, live)
const agent = new Agent({ keepAlive: true, maxSockets: inFlight })

const warm = await run(WARM_UP_SECONDS)
const before = cpuTimes()
const sender = process.cpuUsage()
const result = await run(seconds)
const after = cpuTimes()
const sent = process.cpuUsage(sender)
const peak = processStatus('VmHWM') / 1024
const stopping = performance.now()
collector.kill('SIGTERM')
await exited
const stopped = performance.now() - stopping
agent.destroy()

const acknowledged = warm.spans + result.spans
const perSpan = (milliseconds) => Number(((milliseconds * 1000) / result.spans).toFixed(1))
console.log(
  JSON.stringify({
    target,
    spansPerSecond: Math.round(result.spans / result.elapsed),
    refused: result.refused,
    sessions: stats.sessions,
    peakRssMib: Math.round(peak),
    cpuMicrosecondsPerSpan: {
      mainThread: perSpan(after.main - before.main),
      otherThreads: perSpan(after.others - before.others),
      sender: perSpan((sent.user + sent.system) / 1000),
    },
    mainThreadBusy: Number(((after.main - before.main) / 1000 / result.elapsed).toFixed(2)),
    secondsToStop: Number((stopped / 1000).toFixed(1)),
    ...(target === 'store' && process.env.VERIFY ? await verified() : {}),
  }),
)
await rm(folder, { recursive: true, force: true })

/** Every acknowledged span is an event of its own, and in a session. */
async function verified() {
  const { openStore } = await import('@mcpcat/store')
  const store = await openStore({ engine: 'chdb', path: data })
  const [report] = await store.operations.verify()
  await store.close()
  return { acknowledged, stored: report?.events, storedSessions: report?.sessions, problems: report?.problems }
}

async function run(duration) {
  const start = performance.now()
  const end = start + duration * 1000
  let spans = 0
  let refused = 0
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (performance.now() < end) {
        await itsTurn()
        const bytes = next()
        const status = await post(bytes)
        release(bytes)
        if (status === 200) spans += spansOfRequest
        else {
          refused += spansOfRequest
          // As senders do on a 503.
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
      }
    }),
  )
  return { spans, refused, elapsed: (performance.now() - start) / 1000 }
}

/** Resolves when the next request is due, so that no more is sent than is offered. */
async function itsTurn() {
  turn = Math.max(turn, performance.now() - MOST_BEHIND_MS) + (spansOfRequest / offered) * 1000
  const left = turn - performance.now()
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
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

/** CPU time in milliseconds of the collector's main thread and of all its others; zero where there is no /proc. */
function cpuTimes() {
  const times = { main: 0, others: 0 }
  try {
    for (const thread of readdirSync(`/proc/${collector.pid}/task`)) {
      const fields = readFileSync(`/proc/${collector.pid}/task/${thread}/stat`, 'utf8').split(') ').at(-1).split(' ')
      const milliseconds = (Number(fields[11]) + Number(fields[12])) * 10
      if (thread === String(collector.pid)) times.main += milliseconds
      else times.others += milliseconds
    }
  } catch {
    // Another system, or a thread that ended while it was read.
  }
  return times
}

/** A figure of the collector in KiB; where there is no /proc, nothing. */
function processStatus(name) {
  try {
    return Number(
      new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${collector.pid}/status`, 'utf8'))?.[1] ?? 0,
    )
  } catch {
    return 0
  }
}
