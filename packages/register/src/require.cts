// What `--require` loads: CommonJS, because preloads run again in the thread of `module.register()` hooks,
// where some releases (Node 22.12 to 22.16 at least) cannot load an ES module this way and take the process down.
const { isInternalThread, isMainThread, workerData } = require('node:worker_threads') as {
  isInternalThread?: boolean
  isMainThread: boolean
  workerData: unknown
}

const inHooksThread = isInternalThread ?? (!isMainThread && workerData === null)
const canRequireEsm = (process.features as { require_module?: boolean }).require_module === true

if (!inHooksThread && !canRequireEsm) {
  const needs = 'Node 20.19, 22.12 or newer'
  process.stderr.write(`mcpcat: not instrumented: this is Node ${process.versions.node}, and ${needs} is needed\n`)
}
module.exports = !inHooksThread && canRequireEsm ? require('./index.js') : {}
