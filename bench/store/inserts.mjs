// CPU that the embedded engine needs for a row of `events`, by the size of inserts that follow each other, merges of the
// next seconds included: rows are prepared beforehand.
// node bench/store/inserts.mjs [rows in all] [milliseconds between inserts]
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { decodeTraces } from '@mcpcat/collector'
import { defaultRules } from '@mcpcat/sessions'
import { openStore } from '@mcpcat/store'
import { traffic } from '../collector/traffic.mjs'

const [rows = 240_000, pause = 30] = process.argv.slice(2).map(Number)
const SPANS = 4000
const MERGING_MS = 3000

const built = dirname(fileURLToPath(import.meta.resolve('@mcpcat/store')))
const inside = (file) => import(pathToFileURL(join(built, file)).href)
const { openEngine } = await inside('engine-chdb.js')
const { eventBlock } = await inside('event-block.js')
const { EventReader } = await inside('event-reader.js')

for (const size of [4000, 8000, 16_000, 32_000]) console.log(JSON.stringify(await measured(size)))
// The engine's threads hold the process.
process.exit(0)

async function measured(size) {
  const folder = await mkdtemp(join(tmpdir(), 'mcpcat-bench-'))
  await (await openStore({ engine: 'chdb', path: folder })).close()
  const engine = await openEngine(join(folder, 'chdb'), join(folder, 'backups'))
  const blocks = Array.from({ length: Math.ceil(rows / size) }, () => blockOf(size))
  const before = engineTime()
  for (const block of blocks) {
    await engine.insertBlock('events', block)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  await new Promise((resolve) => setTimeout(resolve, MERGING_MS))
  const microseconds = ((engineTime() - before) * 1000) / (blocks.length * size)
  const [{ parts }] = await engine.query(
    `SELECT toUInt32(count()) AS parts FROM system.parts WHERE table = 'events' AND active`,
  )
  await engine.close()
  await rm(folder, { recursive: true, force: true })
  return { rowsOfInsert: size, inserts: blocks.length, microsecondsPerRow: Number(microseconds.toFixed(1)), parts }
}

function blockOf(size) {
  const reader = new EventReader(defaultRules)
  const columns = eventBlock()
  const { next } = traffic(SPANS, 5000)
  for (let done = 0; done < size; done += SPANS) {
    const { resource, scopeSpans } = decodeTraces(next()).resourceSpans[0]
    for (const span of scopeSpans[0].spans) if (reader.read(span, resource)) columns.push(reader)
  }
  return columns.block(Date.now())
}

/** CPU in milliseconds of all threads but the main one and V8's. */
function engineTime() {
  let sum = 0
  for (const thread of readdirSync('/proc/self/task')) {
    if (thread === String(process.pid)) continue
    const text = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
    if (text.includes('(V8Worker)')) continue
    const fields = text.split(') ').at(-1).split(' ')
    sum += (Number(fields[11]) + Number(fields[12])) * 10
  }
  return sum
}
