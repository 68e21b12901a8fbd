import * as nodeModule from 'node:module'
import { MessageChannel } from 'node:worker_threads'
import type { HooksThreadData } from './hooks-thread.js'

/**
 * Rewrites ES modules in Node's hooks thread; `rewritten` learns which.
 *
 * @throws what `module.register` throws, such as `ERR_ACCESS_DENIED` under the permission model.
 */
export function hookInThread(rewritten: (url: string) => void): void {
  const { port1, port2 } = new MessageChannel()
  const data: HooksThreadData = { rewritten: port2 }
  try {
    nodeModule.register('./hooks-thread.js', { parentURL: import.meta.url, data, transferList: [port2] })
  } catch (error) {
    port1.close()
    throw error
  }
  port1.on('message', rewritten)
  // Listening keeps the process alive; ours must not.
  port1.unref()
}
