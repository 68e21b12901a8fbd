import { oldNodeMessage } from './node-version.js'

// Nothing else is loaded before this is known: newer syntax would fail with a stack trace.
const tooOld = oldNodeMessage(process.versions.node)
if (tooOld) {
  process.stderr.write(`${tooOld}\n`)
  process.exitCode = 1
} else {
  // Before most is loaded, which makes it grow.
  const { boundYoungGeneration } = await import('./heap/young-generation.js')
  boundYoungGeneration()
  const { main } = await import('./main.js')
  process.exitCode = await main(process.argv)
}
