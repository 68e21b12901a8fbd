import type { InitializeHook, LoadHook } from 'node:module'
import type { MessagePort } from 'node:worker_threads'
import { rewriteSource } from './rewrite-source.js'

/** Runs in the thread of `module.register()`. */

export interface HooksThreadData {
  /** Told the URL of every source that was rewritten. */
  readonly rewritten: MessagePort
}

let port: MessagePort | undefined

export const initialize: InitializeHook<HooksThreadData> = (data) => {
  port = data.rewritten
}

export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context)
  if (loaded.source === undefined || loaded.source === null) return loaded
  const source = rewriteSource(loaded.source)
  if (source === undefined) return loaded
  port?.postMessage(url)
  return { ...loaded, source }
}
