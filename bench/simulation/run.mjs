// npm run bench:simulation [-- thinning]: see README.md.
import { createHash } from 'node:crypto'
import { defaultRules, eventInterval, ownKey, readStrand, sessionTracker } from '@mcpcat/sessions'
import { EVENTS_PER_DAY, isMeasured, MEASURED_S, traffic } from './traffic.mjs'

const THINNING = Number(process.argv[2] ?? 800)
/** As the sessions processor has it: the longest limit and an hour. */
const REMEMBER_MS = 90 * 60_000
const DEFAULT_TRACKED = 100_000
/** What a collector gets together. */
const BATCH_MS = 1000
/** How long a sender gathers before it sends to whichever collector is next. */
const SENDER_BATCH_MS = 5000

const ROUTES = {
  /** A load balancer that knows nothing: every batch of a process to any collector. */
  none: ({ sender, arrivalMs }) => `${sender} ${Math.floor(arrivalMs / SENDER_BATCH_MS)}`,
  /** `routing_attributes` of otelcol's loadbalancing exporter: all that are there, put together. */
  attributes: ({ attributes }) => ROUTED_BY.map((name) => attributes[name] ?? '').join('|'),
  /** One attribute that a transform processor filled with the first of them that is there. */
  first: ({ attributes, n }) => ROUTED_BY.map((name) => attributes[name]).find(Boolean) ?? String(n),
}
const ROUTED_BY = ['user.id', 'mcp.session.id', 'mcpcat.connection.id']

function placeOf(text, collectors) {
  return createHash('md5').update(text).digest().readUInt32LE(0) % collectors
}

function tracked(event) {
  const eventId = String(event.n)
  const start = BigInt(Math.round(event.startMs * 1e6))
  const strand = readStrand((name) => event.attributes[name], { eventId, traceId: eventId }, defaultRules)
  // What the store computes of every event besides.
  ownKey(strand, defaultRules)
  return { ...eventInterval(eventId, start, start + BigInt(Math.round(event.durationMs * 1e6))), strand }
}

/** What collectors do with the events; ids by event, and what it took. */
function simulate(events, { collectors, route, maxTracked }) {
  let now = 0
  const limits = { maxStrands: Math.max(1, Math.round(maxTracked / THINNING)), rememberMs: REMEMBER_MS }
  const trackers = Array.from({ length: collectors }, () => sessionTracker(defaultRules, limits, () => now))
  const collectorOf = events.map((event) => (collectors === 1 ? 0 : placeOf(ROUTES[route](event), collectors)))
  const ids = Array.from({ length: events.length }, () => '')
  globalThis.gc()
  const heapBefore = process.memoryUsage().heapUsed
  const cpuBefore = process.cpuUsage()
  for (let first = 0; first < events.length;) {
    const until = events[first].arrivalMs + BATCH_MS
    const batches = trackers.map(() => [])
    for (; first < events.length && events[first].arrivalMs < until; first++)
      batches[collectorOf[first]].push(events[first])
    now = until
    for (const [i, batch] of batches.entries()) {
      const placements = trackers[i].place(batch.map(tracked))
      for (const [at, event] of batch.entries()) ids[event.n] = placements[at].sessionId
    }
  }
  const { user, system } = process.cpuUsage(cpuBefore)
  globalThis.gc()
  const bytes = process.memoryUsage().heapUsed - heapBefore
  const sizes = trackers.map(({ size }) => size)
  return { ids, collectorOf, cpuUs: (user + system) / events.length, sizes, bytes }
}

const percent = (part) => `${(part * 100).toFixed(part < 0.1 ? 2 : 1)} %`
const count = (number) => Math.round(number).toLocaleString('en')

const events = traffic(THINNING, 2026)
const measured = events.filter(isMeasured)
console.log(
  `1 of ${THINNING} keys: ${count(events.length)} events, ${count(measured.length)} of them in the measured hour; ` +
    `in full that is ${count((measured.length * THINNING) / MEASURED_S)} events/s (a day of ${count(EVENTS_PER_DAY)} has ` +
    `${count(EVENTS_PER_DAY / 86_400)} on average)\n`,
)

const UNBOUNDED = 1e12
const reference = simulate(events, { collectors: 1, route: 'none', maxTracked: UNBOUNDED })
const bytesPerStrand = reference.bytes / reference.sizes[0]
console.log(`one tracked strand takes ${count(bytesPerStrand)} bytes\n`)

console.log(
  '| collectors | routed | `max_tracked` | strands of a collector | memory of it | CPU per event | stamped differently | in shared sessions |',
)
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
report({ collectors: 1, route: 'none', maxTracked: UNBOUNDED }, reference)
for (const collectors of [4, 16]) {
  for (const route of ['none', 'attributes', 'first']) {
    const options = { collectors, route, maxTracked: UNBOUNDED }
    report(options, simulate(events, options))
  }
}
for (const collectors of [1, 4, 16]) {
  const options = { collectors, route: 'first', maxTracked: DEFAULT_TRACKED }
  report(options, simulate(events, options))
}

function report({ collectors, route, maxTracked }, { ids, collectorOf, cpuUs, sizes }) {
  const largest = Math.max(...sizes) * THINNING
  const mean = (sizes.reduce((sum, size) => sum + size, 0) / sizes.length) * THINNING
  const different = measured.filter(({ n }) => ids[n] !== reference.ids[n]).length
  const collectorsOf = new Map()
  for (const { n } of measured) {
    const known = collectorsOf.get(reference.ids[n])
    if (known) known.add(collectorOf[n])
    else collectorsOf.set(reference.ids[n], new Set([collectorOf[n]]))
  }
  const shared = measured.filter(({ n }) => collectorsOf.get(reference.ids[n]).size > 1).length
  const cells = [
    collectors,
    collectors === 1 ? '–' : route,
    maxTracked === UNBOUNDED ? 'all' : count(maxTracked),
    collectors === 1 ? count(mean) : `${count(mean)}, at most ${count(largest)}`,
    `${count((mean * bytesPerStrand) / 1e6)} MB`,
    `${cpuUs.toFixed(1)} µs`,
    percent(different / measured.length),
    percent(shared / measured.length),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
