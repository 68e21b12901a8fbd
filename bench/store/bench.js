// Fills an embedded store through its own writer, then times what the dashboard asks of it.
//
//   node bench/store/bench.js [--events 10000000] [--batch 20000] [--data <folder>] [--keep]
//
// With --data of an earlier run that was kept, only the queries are timed.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '@mcpcat/store'
import { batchOf, mulberry32, sessionSpans } from './traffic.js'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000000' },
    batch: { type: 'string', default: '20000' },
    data: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
})
const EVENTS = Number(values.events)
const BATCH = Number(values.batch)
const DAYS = 30
const END_MS = Date.UTC(2026, 7, 31)
const SESSIONS = Math.ceil(EVENTS / 20.5)
const project = 'bench'

const path = values.data ?? (await mkdtemp(join(tmpdir(), 'mcpcat-bench-')))
console.log(`${EVENTS} events, ${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}`)

let store = await openStore({ engine: 'chdb', path }, () => END_MS)
const known = (await store.projects()).includes(project)
if (!known) await fill()
console.log(`disk: ${((await folderSize(join(path, 'chdb', 'store'))) / EVENTS).toFixed(0)} bytes per event`)

await store.close()
const opened = performance.now()
store = await openStore({ engine: 'chdb', path }, () => END_MS)
console.log(`start with this store: ${(performance.now() - opened).toFixed(0)} ms`)
await timeQueries()
await store.close()
if (!values.keep && !values.data) await rm(path, { recursive: true, force: true })

async function fill() {
  const started = performance.now()
  const latencies = []
  let written = 0
  let spans = []
  let running = Promise.resolve()
  for (let session = 0; written + spans.length < EVENTS; session++) {
    spans.push(...sessionSpans(session, END_MS - DAYS * 86_400_000 + (session / SESSIONS) * DAYS * 86_400_000))
    if (spans.length < BATCH) continue
    await running
    const batch = spans
    spans = []
    const from = performance.now()
    running = write(batch, from)
  }
  await running
  await store.write(batchOf(spans))
  const seconds = (performance.now() - started) / 1000
  console.log(
    `write: ${(EVENTS / seconds).toFixed(0)} events/s in batches of ${BATCH}, generation of the spans included`,
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
  const day = () => END_MS - Math.floor(1 + random() * (DAYS - 1)) * 86_400_000
  const { items } = await store.listSessions({ project }, { limit: 200 })
  const anySession = () => items[Math.floor(random() * items.length)]
  const queries = {
    'session list, newest of all': () => store.listSessions({ project }, { limit: 50 }),
    'session list, one day': () => {
      const from = day()
      return store.listSessions({ project, from: iso(from), to: iso(from + 86_400_000) }, { limit: 50 })
    },
    'session list, one week, with errors, one client': () => {
      const from = day() - 7 * 86_400_000
      const filter = { project, from: iso(from), to: iso(from + 7 * 86_400_000), status: 'error', client: 'cursor' }
      return store.listSessions(filter, { limit: 50 })
    },
    'session list, all, by duration': () => store.listSessions({ project }, { limit: 50, sort: 'duration' }),
    'sessions of one user': () =>
      store.listSessions({ project, user: `user-${Math.floor(random() * 5000)}` }, { limit: 50 }),
    'intent search, one day': () => {
      const from = day()
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
      return store.getEvent(project, `${id.padStart(32, 'a')}-${id.padStart(16, 'b')}`)
    },
  }
  for (const [name, ask] of Object.entries(queries)) {
    await ask()
    const times = []
    for (let i = 0; i < 30; i++) {
      const from = performance.now()
      await ask()
      times.push(performance.now() - from)
    }
    console.log(`${name}: ${quantiles(times)}`)
  }
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
