// What the embedded store's sessions in memory cost the main thread, the engine left out: facts of events that are
// read, sessions from them, and the rows of strands and sessions, ready for the engine.
// npm run bench:recent [-- requests of 4000 spans] [folder of a built store package]
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { attributesOf, decodeTraces, setNote, setSpanAttribute } from '@mcpcat/collector'
import { defaultRules, knownStrands, readStrand } from '@mcpcat/sessions'
import { traffic } from '../collector/traffic.mjs'

const requests = Number(process.argv[2] ?? 200)
const store = pathToFileURL(`${resolve(process.argv[3] ?? 'packages/store')}/dist/`)
const load = (file) => import(new URL(file, store))
const { BatchFacts } = await load('event-facts.js')
const { EventReader } = await load('event-reader.js')
const { recentSessions } = await load('recent/recent-sessions.js')
const { seenKeys } = await load('recent/seen-keys.js')
const { sessionRows } = await load('session-rows.js')
const { strandBlock } = await load('strand-block.js')

const SPANS = 4000
const LIVE = 5000
/** Requests that are inserted together, and seconds' worth of them between two writings of sessions. */
const OF_GROUP = 4
const OF_INTERVAL = 25
/** What spans say of whose they are, beside what the traffic says. */
const TRAFFIC = {
  'a protocol session each': () => undefined,
  'a user each, known late': (span, session, index) => {
    if (index % 8 === 0) setSpanAttribute(span, 'user.id', { stringValue: `of ${session}` })
  },
  'one of 100 users, of many windows': (span, session) => {
    const user = Number.parseInt(session.slice(0, 8), 16) % 100
    setSpanAttribute(span, 'user.id', { stringValue: `user-${user}` })
  },
  'nothing to go by': (span) => {
    span.attributes = span.attributes.filter(({ key }) => key !== 'mcp.session.id')
  },
}

for (const [name, saying] of Object.entries(TRAFFIC)) {
  const { next } = traffic(SPANS, LIVE)
  const reader = new EventReader(defaultRules)
  const strands = knownStrands(defaultRules)
  const sessions = recentSessions(defaultRules, seenKeys(defaultRules), 200_000)
  const facts = new BatchFacts()
  const rows = sessionRows()
  const phases = { facts: 0, sessions: 0, strands: 0, rows: 0 }
  let events = 0
  let written = 0

  const timed = (phase, task) => {
    const from = process.threadCpuUsage()
    const result = task()
    const { user, system } = process.threadCpuUsage(from)
    phases[phase] += user + system
    return result
  }

  for (let request = 1; request <= requests; request++) {
    const [{ resource, scopeSpans }] = decodeTraces(Buffer.from(next())).resourceSpans
    const { spans } = scopeSpans[0]
    for (const [index, span] of spans.entries()) {
      saying(span, valuesOf(span).get('mcp.session.id'), index)
      const values = valuesOf(span)
      const event = { eventId: `${span.traceId}-${span.spanId}`, traceId: span.traceId }
      setNote(span, strands.of(readStrand((key) => values.get(key), event, defaultRules)))
    }
    // Reading is measured elsewhere: what it takes alone is taken off.
    const readAlone = { ...phases }
    timed('facts', () => spans.forEach((span) => reader.read(span, resource)))
    phases.facts = 2 * readAlone.facts - phases.facts
    timed('facts', () =>
      spans.forEach((span) => {
        reader.read(span, resource)
        facts.push(reader)
      }),
    )
    events += spans.length
    if (request % OF_GROUP === 0 || request % OF_INTERVAL === 0) {
      timed('sessions', () => sessions.add(facts))
      facts.clear()
    }
    if (request % OF_INTERVAL !== 0) continue
    timed('strands', () => strandBlock(sessions.takeStrands()))
    sessions.takeLeft()
    timed('rows', () => {
      rows.clear()
      sessions.takeChanges(rows)
      rows.block()
      sessions.written(rows.written)
    })
    written += rows.written.length
    if (request <= requests / 4) {
      // That was to warm up.
      for (const phase of Object.keys(phases)) phases[phase] = 0
      events = 0
      written = 0
    }
  }
  const each = Object.entries(phases).map(([phase, time]) => `${phase} ${(time / events).toFixed(2)}`)
  const total = Object.values(phases).reduce((sum, time) => sum + time, 0)
  console.log(
    `${name}: ${(total / events).toFixed(2)} µs an event (${each.join(', ')}), ${(written / events).toFixed(3)} rows`,
  )
}

/** Without making a list of the attributes, which then would be read from it. */
function valuesOf(span) {
  const view = attributesOf(span)
  return new Map(Array.from({ length: view.length }, (_, index) => [view.name(index), view.string(index)]))
}
