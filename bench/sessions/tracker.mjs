// What placing an event costs, and what a tracked strand takes: the session core alone, strands already read.
// npm run bench:tracker [-- batches] [events of a batch] [live conversations] [module]
import { randomUUID } from 'node:crypto'

const [batches = 40, eventsOfBatch = 4000, live = 5000] = process.argv.slice(2, 5).map(Number)
const { defaultRules, knownStrands, readStrand, sessionTracker } = await import(process.argv[5] ?? '@mcpcat/sessions')

const CLIENTS = ['claude-code', 'cursor', 'windsurf', 'vscode', 'zed', 'goose', 'claude-desktop', 'cline']
/** What the events of a conversation say of whose they are. */
const TRAFFIC = {
  'a protocol session each': ({ id }) => ({ 'mcp.session.id': id }),
  'a user each, known late, whose client resets': ({ id, seen }) => ({
    'mcp.session.id': seen < 8 ? id : `${id}-again`,
    ...(seen < 3 ? {} : { 'user.id': `user-${id}` }),
  }),
  'one of 100 users, of many windows': ({ id, number }) => ({
    'mcp.session.id': id,
    'user.id': `user-${number % 100}`,
  }),
  'nothing to go by': () => ({}),
}

for (const [name, attributesOf] of Object.entries(TRAFFIC)) {
  const limits = { maxStrands: 100_000, rememberMs: 90 * 60_000 }
  let now = Date.UTC(2026, 7, 1, 12)
  const strands = knownStrands(defaultRules)
  const tracker = sessionTracker(defaultRules, limits, () => now)
  let opened = 0
  const open = () => ({ id: randomUUID(), number: opened++, seen: 0, length: 10 + Math.floor(Math.random() * 11) })
  const conversations = Array.from({ length: live }, open)
  globalThis.gc?.()
  const before = memory()
  const times = []
  for (let batch = 0; batch < batches; batch++) {
    now += 1000
    const events = Array.from({ length: eventsOfBatch }, (_, index) => {
      const slot = Math.floor(Math.random() * live)
      const conversation = conversations[slot]
      const attributes = {
        'mcp.client.name': CLIENTS[conversation.number % CLIENTS.length],
        ...attributesOf(conversation),
      }
      if (++conversation.seen === conversation.length) conversations[slot] = open()
      const traceId = randomUUID()
      const eventId = `${traceId}-${index}`
      const start = BigInt(now) * 1_000_000n + BigInt(index) * 1000n
      const strand = readStrand((attribute) => attributes[attribute], { eventId, traceId }, defaultRules)
      return { eventId, start, end: start + 25_000_000n, strand, known: strands.of(strand) }
    })
    const from = process.threadCpuUsage()
    tracker.place(events)
    const { user, system } = process.threadCpuUsage(from)
    times.push(user + system)
  }
  globalThis.gc?.()
  const bytes = globalThis.gc ? Math.round((memory() - before) / tracker.size) : undefined
  // The first half warms up.
  const measured = times.slice(times.length / 2).toSorted((a, b) => a - b)
  const microseconds = (time) => Number((time / eventsOfBatch).toFixed(2))
  console.log(
    JSON.stringify({
      traffic: name,
      cpuMicrosecondsPerEvent: {
        median: microseconds(measured[Math.floor(measured.length / 2)]),
        mean: microseconds(measured.reduce((sum, time) => sum + time, 0) / measured.length),
      },
      strands: tracker.size,
      bytesPerStrand: bytes,
    }),
  )
}

function memory() {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
