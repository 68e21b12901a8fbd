// Times what the dashboard asks of an embedded store, after filling it when there is none: one day of
// traffic through the store's own writer, then copies of it for the days before.
//
//   node bench/store/bench.js [--path <folder>] [--days 30] [--events 333333] [--batch 10000] [--fill]
//
// With --path the folder is kept, and one that was filled earlier is only timed. --fill stops after filling.
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '@mcpcat/store'
import { copyDay } from './copies.js'
import { queriesOf } from './queries.js'
import { batchOf, daySpans } from './traffic.js'

const { values } = parseArgs({
  options: {
    path: { type: 'string' },
    days: { type: 'string', default: '30' },
    events: { type: 'string', default: '333333' },
    batch: { type: 'string', default: '10000' },
    fill: { type: 'boolean', default: false },
  },
})
const DAYS = Number(values.days)
const BATCH = Number(values.batch)
/** Events of a session, on average. */
const SESSION_EVENTS = 22.5
const DAY_MS = 86_400_000
const END_MS = Date.UTC(2026, 7, 17)
const project = 'bench'

const path = values.path ?? (await mkdtemp(join(tmpdir(), 'mcpcat-bench-')))
console.log(
  `${cpus()[0].model}, ${availableParallelism()} cores, Node ${process.version}, load ${loadavg()[0].toFixed(1)}`,
)
const open = () => openStore({ engine: 'chdb', path }, () => END_MS)
let store = await open()
const known = (await store.projects()).includes(project)
if (!known) await fill()
await store.close()
if (!known) {
  const day = new Date(END_MS - DAY_MS).toISOString().slice(0, 19).replace('T', ' ')
  await copyDay(
    join(path, 'chdb'),
    day,
    Array.from({ length: DAYS - 1 }, (_, i) => i + 1),
  )
}
if (!values.fill) await timeReads()
if (!values.path) await rm(path, { recursive: true, force: true })

async function timeReads() {
  const opened = performance.now()
  store = await open()
  console.log(`start with this store: ${(performance.now() - opened).toFixed(0)} ms`)
  for (const [name, ask] of Object.entries(await queriesOf(store, project, END_MS, DAYS))) await time(name, ask)
  const [{ events, sessions }] = await store.operations.verify()
  await store.close()
  const bytes = await folderSize(join(path, 'chdb', 'store'))
  console.log(`${events} events in ${sessions} sessions, ${(bytes / events).toFixed(0)} bytes an event on disk`)
  console.log(`load ${loadavg()[0].toFixed(1)}`)
}

async function fill() {
  const started = performance.now()
  let written = 0
  let spans = []
  for (const span of daySpans(Math.round(Number(values.events) / SESSION_EVENTS), END_MS - DAY_MS)) {
    spans.push(span)
    if (spans.length >= BATCH) await write()
  }
  if (spans.length > 0) await write()

  async function write() {
    const from = performance.now()
    await store.write(batchOf(spans))
    written += spans.length
    spans = []
    const rate = written / ((performance.now() - started) / 1000)
    console.log(`  ${written} events, ${rate.toFixed(0)}/s, batch ${(performance.now() - from).toFixed(0)} ms`)
  }
}

async function time(name, ask) {
  await ask()
  const times = []
  for (let i = 0; i < 30; i++) {
    const from = performance.now()
    await ask()
    times.push(performance.now() - from)
  }
  const sorted = times.toSorted((a, b) => a - b)
  const at = (q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))].toFixed(0)
  console.log(`${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`)
}

async function folderSize(folder) {
  let size = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) size += (await stat(join(entry.parentPath, entry.name))).size
  }
  return size
}
