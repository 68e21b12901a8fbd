// node bench/exporter/run.mjs: cost per call and event-loop stalls of the MCPcat path. See README.md.
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROUNDS = 3
const CALLS = 10_000
const COST = [
  'no processor',
  'OTel batch processor, no content',
  'McpcatSpanProcessor, content none',
  'McpcatSpanProcessor, content shape',
  'McpcatSpanProcessor, content redacted',
  'McpcatSpanProcessor, content redacted, text hook',
]
const STALL = [
  ['no processor', 1_000_000],
  ['McpcatSpanProcessor, content redacted', 10_000],
  ['McpcatSpanProcessor, content redacted', 1_000_000],
  ['McpcatSpanProcessor, content redacted', 10_000_000],
  ['McpcatSpanProcessor, content shape', 10_000_000],
]
const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const run = promisify(execFile)

const sink = fork(here('sink.mjs'))
const [{ port }] = await once(sink, 'message')
let arrived = 0
sink.on('message', ({ spans }) => (arrived += spans))

async function measure(name, ...rest) {
  arrived = 0
  const { stdout } = await run(process.execPath, [here('subject.mjs'), name, String(port), ...rest.map(String)])
  const result = JSON.parse(stdout)
  return { ...result, delivered: (100 * arrived) / result.made }
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

async function medians(subjects) {
  const results = new Map(subjects.map((subject) => [subject, []]))
  // Interleaved, so that a noisy minute falls on all of them.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [subject, list] of results) list.push(await measure(...subject))
  }
  return [...results].map(([subject, list]) => {
    const keys = Object.keys(list[0])
    return { subject, ...Object.fromEntries(keys.map((key) => [key, median(list.map((one) => one[key]))])) }
  })
}

const round = (value, digits = 1) => Number(value.toFixed(digits))
console.log(`Cost per call, ${CALLS} calls of 300-byte results paced by setImmediate, medians of ${ROUNDS} processes`)
console.table(
  (await medians(COST.map((name) => [name, CALLS]))).map(({ subject, p50, cpu, delivered }) => ({
    subject: subject[0],
    'p50 on the request path, µs': round(p50),
    'CPU until delivered, µs': round(cpu),
    'delivered %': round(delivered),
  })),
)
console.log('Longest hold of the event loop while one result of this size is redacted and sent, medians')
console.table(
  (await medians(STALL.map(([name, size]) => [name, 15, size]))).map(({ subject, stall, cpuMillis }) => ({
    subject: subject[0],
    'result, bytes': subject[2],
    'longest hold, ms': round(stall),
    'CPU, ms': round(cpuMillis),
  })),
)
sink.disconnect()
