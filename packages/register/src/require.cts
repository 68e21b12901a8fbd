// What `--require` loads: CommonJS, because preloads run again in the thread of `module.register()` hooks,
// where some releases (Node 22.12 to 22.16 at least) cannot load an ES module this way and take the process down.
const { isInternalThread, isMainThread, workerData } = require('node:worker_threads') as {
  isInternalThread?: boolean
  isMainThread: boolean
  workerData: unknown
}

const inHooksThread = isInternalThread ?? (!isMainThread && workerData === null)
module.exports = inHooksThread ? {} : require('./index.js')
