import * as workerThreads from 'node:worker_threads'

/**
 * Whether this code runs in the thread that Node starts for `module.register()` hooks: preloads run
 * there a second time, and must do nothing.
 */
export function isHooksThread(): boolean {
  // `isInternalThread` came with Node 22.14; before, a hooks thread is told by its null workerData.
  const { isInternalThread } = workerThreads as { isInternalThread?: boolean }
  return isInternalThread ?? (!workerThreads.isMainThread && workerThreads.workerData === null)
}
