import type { Component, ExtensionFactory } from '@mcpcat/collector'
import { UserError } from '@mcpcat/collector'
import { rulesFrom } from '@mcpcat/sessions/config'
import type { StoreConfig } from './config.js'
import { storeConfigSchema } from './config.js'
import type { StoreReader } from './reading.js'
import type { Store } from './store.js'
import { openStore } from './store.js'
import type { StoreWriter } from './writer.js'

/** The store as other components reach it through `host.extension(id)`. */
export type StoreAccess = StoreReader & Pick<StoreWriter, 'write'>

const stores = new WeakMap<Component, () => StoreAccess>()

/** Owns the engine, the schema and the data folder. The `store` exporter writes into it, the dashboard reads from it. */
export const storeExtension: ExtensionFactory<StoreConfig> = {
  kind: 'extension',
  type: 'store',
  description: 'Events and sessions in ClickHouse, embedded in this process',
  configSchema: storeConfigSchema,
  create(config, { id, logger }) {
    let store: Store | undefined
    const component: Component = {
      async start() {
        store = await openStore({ ...config, rules: rulesFrom(config.sessions) })
        logger.info({ engine: config.engine, path: config.path }, 'store open')
      },
      async shutdown() {
        const open = store
        store = undefined
        await open?.close()
      },
    }
    stores.set(component, () => {
      if (!store) throw new Error(`the store extension ${id} is not open`)
      return store
    })
    return component
  },
}

/**
 * The store behind an extension that `host.extension` returned.
 *
 * @throws UserError when it is no store.
 */
export function asStore(component: Component): StoreAccess {
  const access = stores.get(component)
  if (!access) throw new UserError('the extension that `store` names is not a store')
  return access()
}
