import * as nodeModule from 'node:module'
import { rewriteSource } from './rewrite-source.js'

/** Rewrites ES modules and CommonJS in the thread that loads them; `rewritten` learns which. */
export function hookSynchronously(rewritten: (url: string) => void): void {
  nodeModule.registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (loaded.source === undefined || loaded.source === null) return loaded
      const source = rewriteSource(loaded.source)
      if (source === undefined) return loaded
      rewritten(url)
      return { ...loaded, source }
    },
  })
}
