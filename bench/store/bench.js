// Fills an embedded store through its own writer, makes it larger by copies, then times what the
// dashboard asks of it.
//
//   node bench/store/bench.js [--events 10000000] [--written 500000] [--batch 10000] [--data <folder>]
//
// With --data the folder is kept, and one that was filled earlier is only timed.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '@mcpcat/store'
import { multiply, timeSql } from './multiply.js'
import { batchOf, mulberry32, sessionSpans } from './traffic.js'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    written: { type: 'string', default: '500000' },
    batch: { type: 'string', default: '10000' },
    data: { type: 'string' },
  },
})
const WRITTEN = Math.min(Number(values.written), Number(values.events))
const COPIES = Math.round(Number(values.events) / WRITTEN) - 1
const BATCH = Number(values.batch)
const DAYS = 30
const END_MS = Date.UTC(2026, 7, 31)
const DAYS_WRITTEN = DAYS / (COPIES + 1)
const SESSIONS = Math.ceil(WRITTEN / 20.5)
const project = 'bench'

const path = values.data ?? (await mkdtemp(join(tmpdir(), 'mcpcat-bench-')))
const engineFolder = join(path, 'chdb')
console.log(
  `${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}, load ${loadavg()[0].toFixed(1)}`,
)

let store = await openStore({ engine: 'chdb', path }, () => END_MS)
const known = (await store.projects()).includes(project)
if (!known) await fill()
await store.close()
if (!known) await multiply(engineFolder, COPIES, DAYS_WRITTEN * 86_400)

const opened = performance.now()
store = await openStore({ engine: 'chdb', path }, () => END_MS)
console.log(`start with this store: ${(performance.now() - opened).toFixed(0)} ms`)
await timeQueries()
await store.close()
const day = "ts >= toDateTime64('2026-08-20 00:00:00', 9, 'UTC') AND ts < toDateTime64('2026-08-21 00:00:00', 9, 'UTC')"
const count = await timeSql(
  engineFolder,
  {
    'SQL: calls, errors, p95 per hour over 24 h': `SELECT toStartOfHour(ts) AS hour, count(), countIf(is_error),
      quantile(0.95)(duration_ns) FROM events FINAL WHERE project = 'bench' AND ${day} GROUP BY hour`,
    'SQL: calls, errors, p95 per tool over 24 h': `SELECT target, count(), countIf(is_error),
      quantile(0.95)(duration_ns) FROM events FINAL WHERE project = 'bench' AND ${day} GROUP BY target`,
    'SQL: events whose intent has a word, over 24 h': `SELECT event_id, intent FROM events FINAL
      WHERE project = 'bench' AND ${day} AND hasToken(lower(intent), 'invoice') ORDER BY ts DESC LIMIT 50`,
  },
  time,
)
console.log(
  `${count} events, ${((await folderSize(join(engineFolder, 'store'))) / count).toFixed(0)} bytes each on disk`,
)
console.log(`load ${loadavg()[0].toFixed(1)}`)
if (!values.data) await rm(path, { recursive: true, force: true })

async function fill() {
  const started = performance.now()
  const latencies = []
  let generated = 0
  let written = 0
  let spans = []
  let running = Promise.resolve()
  for (let session = 0; generated < WRITTEN; session++) {
    const more = sessionSpans(session, END_MS - (1 - session / SESSIONS) * DAYS_WRITTEN * 86_400_000)
    generated += more.length
    spans.push(...more)
    if (spans.length < BATCH) continue
    await running
    const batch = spans
    spans = []
    const from = performance.now()
    running = write(batch, from)
  }
  await running
  if (spans.length > 0) await store.write(batchOf(spans))
  const seconds = (performance.now() - started) / 1000
  console.log(
    `write: ${(generated / seconds).toFixed(0)} events/s in batches of ${BATCH}, generation of the spans included`,
  )
  console.log(`  batch: ${quantiles(latencies)}`)

  async function write(batch, from) {
    await store.write(batchOf(batch))
    latencies.push(performance.now() - from)
    written += batch.length
    if (latencies.length % 25 !== 0) return
    const rate = written / ((performance.now() - started) / 1000)
    console.log(`  ${written} events, ${rate.toFixed(0)}/s, last batch ${latencies.at(-1).toFixed(0)} ms`)
  }
}

async function timeQueries() {
  const random = mulberry32(1)
  const anyDay = () => END_MS - Math.floor(1 + random() * (DAYS - 1)) * 86_400_000
  const { items } = await store.listSessions({ project }, { limit: 200 })
  const anySession = () => items[Math.floor(random() * items.length)]
  const queries = {
    'session list, newest of all': () => store.listSessions({ project }, { limit: 50 }),
    'session list, one day': () => {
      const from = anyDay()
      return store.listSessions({ project, from: iso(from), to: iso(from + 86_400_000) }, { limit: 50 })
    },
    'session list, one week, with errors, one client': () => {
      const from = anyDay() - 7 * 86_400_000
      const filter = { project, from: iso(from), to: iso(from + 7 * 86_400_000), status: 'error', client: 'cursor' }
      return store.listSessions(filter, { limit: 50 })
    },
    'session list, all, by duration': () => store.listSessions({ project }, { limit: 50, sort: 'duration' }),
    'sessions of one user': () =>
      store.listSessions({ project, user: `user-${Math.floor(random() * 5000)}` }, { limit: 50 }),
    'intent search, one day': () => {
      const from = anyDay()
      return store.listSessions(
        { project, from: iso(from), to: iso(from + 86_400_000), q: 'invoice differ' },
        { limit: 50 },
      )
    },
    'intent search, all': () =>
      store.listSessions({ project, q: `customer ${Math.floor(random() * 9999)}` }, { limit: 50 }),
    'one session': () => store.getSession(project, anySession().id),
    'events of one session': () => store.listSessionEvents(project, anySession().id, { limit: 200 }),
    'one event': () => {
      const id = (Math.floor(random() * SESSIONS) * 64).toString(16)
      return store.getEvent(project, `${id.padStart(32, '0')}-${id.padStart(16, '0')}`)
    },
  }
  for (const [name, ask] of Object.entries(queries)) await time(name, ask)
}

async function time(name, ask) {
  await ask()
  const times = []
  for (let i = 0; i < 30; i++) {
    const from = performance.now()
    await ask()
    times.push(performance.now() - from)
  }
  console.log(`${name}: ${quantiles(times)}`)
}

function iso(milliseconds) {
  return new Date(milliseconds).toISOString()
}

function quantiles(times) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))].toFixed(0)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`
}

async function folderSize(folder) {
  let size = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) size += (await stat(join(entry.parentPath, entry.name))).size
  }
  return size
}
