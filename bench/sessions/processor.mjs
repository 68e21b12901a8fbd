// What the `sessions` processor costs of a span: evidence, tracking and stamping, of requests as they are decoded, with
// four of them held as a store would.
// npm run bench:processor [-- requests] [spans of a request] [live sessions] [folder of another built checkout]
import { join } from 'node:path'
import { traffic } from '../collector/traffic.mjs'

const [requests = 160, spansOfRequest = 4000, live = 5000] = process.argv.slice(2, 5).map(Number)
const folder = process.argv[5]
const other = (name) => import(join(folder, 'packages', name, 'dist/index.js'))
const { decodeTraces } = await (folder ? other('collector') : import('@mcpcat/collector'))
const { sessionsProcessor } = await (folder ? other('processor-sessions') : import('@mcpcat/processor-sessions'))

const SESSION = 'mcp.session.id'
/** What stands in the session's place, in as many bytes. */
const TRAFFIC = {
  'a protocol session each': SESSION,
  'a handle each': 'openai/session',
  'nothing to go by': 'mcp.nothing.id',
}

for (const [name, attribute] of Object.entries(TRAFFIC)) {
  const { next, release } = traffic(spansOfRequest, live)
  const processor = sessionsProcessor.create(
    sessionsProcessor.configSchema.parse({}),
    { id: 'sessions', logger: console },
    { consumeTraces: () => Promise.resolve(), consumePayload: () => Promise.resolve() },
  )
  const held = []
  const cost = { decoding: 0, processor: 0 }
  let whole
  for (let request = 0; request < requests; request++) {
    // The first half warms up.
    if (request === Math.floor(requests / 2)) {
      Object.assign(cost, { decoding: 0, processor: 0 })
      whole = process.cpuUsage()
    }
    const prepared = next()
    const bytes = Buffer.from(prepared)
    release(prepared)
    for (let at = bytes.indexOf(SESSION); at >= 0; at = bytes.indexOf(SESSION, at + 1)) bytes.latin1Write(attribute, at)
    const started = process.threadCpuUsage()
    const traces = decodeTraces(bytes)
    const decoded = process.threadCpuUsage()
    await processor.consumeTraces(traces)
    cost.decoding += microseconds(decoded) - microseconds(started)
    cost.processor += microseconds(process.threadCpuUsage()) - microseconds(decoded)
    if (held.push(traces) > 4) held.shift()
  }
  const spans = Math.ceil(requests / 2) * spansOfRequest
  const ofSpan = (time) => Number((time / spans).toFixed(2))
  console.log(
    JSON.stringify({
      traffic: name,
      cpuMicrosecondsPerSpan: {
        processor: ofSpan(cost.processor),
        decoding: ofSpan(cost.decoding),
        // With making the traffic, and V8's helpers.
        wholeProcess: ofSpan(microseconds(process.cpuUsage(whole))),
      },
    }),
  )
  await processor.shutdown()
}

function microseconds({ user, system }) {
  return user + system
}
