// node bench/instrumentation/run.mjs [rounds]: what an instrumented tool call costs. See README.md.
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROUNDS = Number(process.argv[2] ?? 5)
const CALLS = 10_000
const HEAP_CALLS = Number(process.argv[3] ?? 100_000)
const SUBJECTS = ['v1 bare', 'v1 floor', 'v1 lean', 'v1 mcpcat', 'v2 bare', 'v2 floor', 'v2 lean', 'v2 mcpcat']
const here = (file) => fileURLToPath(new URL(file, import.meta.url))
const execute = promisify(execFile)

const sink = fork(here('../exporter/sink.mjs'))
const [{ port }] = await once(sink, 'message')

async function measure(subject, calls, ...mode) {
  const args = ['--expose-gc', here('subject.mjs'), subject, String(port), String(calls), ...mode]
  return JSON.parse((await execute(process.execPath, args)).stdout)
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]
const round = (value, digits = 1) => Number(value.toFixed(digits))

const results = new Map(SUBJECTS.map((subject) => [subject, []]))
const of = (name, key) => median(results.get(name).map((one) => one[key]))
// Interleaved, so that a noisy minute falls on all of them.
for (let turn = 0; turn < ROUNDS; turn += 1) {
  for (const [subject, list] of results) list.push(await measure(subject, CALLS))
}

console.log(`One tool call in memory, ${CALLS} calls paced by setImmediate, medians of ${ROUNDS} processes`)
console.table(
  SUBJECTS.map((subject) => {
    const bare = `${subject.slice(0, 2)} bare`
    return {
      subject,
      'p50, µs': round(of(subject, 'p50')),
      'p50 ×': round(of(subject, 'p50') / of(bare, 'p50'), 2),
      'CPU until delivered, µs': round(of(subject, 'cpu')),
      'CPU ×': round(of(subject, 'cpu') / of(bare, 'cpu'), 2),
    }
  }),
)

console.log(`Heap after ${HEAP_CALLS} calls, garbage collected, in MB`)
for (const subject of ['v1 bare', 'v1 mcpcat', 'v2 mcpcat']) {
  const { before, after } = await measure(subject, HEAP_CALLS, 'heap')
  console.log(subject, 'before', round(before), 'after', round(after))
}
sink.disconnect()
