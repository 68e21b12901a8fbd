import { UserError } from '@mcpcat/collector'
import type { StoreConfig, StoreOptions } from '@mcpcat/store'
import { storeExtension, storeOptions } from '@mcpcat/store'
import { resolvedConfig } from '../resolved-config.js'
import type { StoreCommandOptions } from './store-options.js'

/** The store extension of the configuration that a command was given. */
export async function configuredStore({ store, ...options }: StoreCommandOptions): Promise<StoreOptions> {
  const { extensions } = await resolvedConfig(options)
  const stores = [...extensions.values()].filter(
    ({ id, factory }) => factory.type === storeExtension.type && (store === undefined || id === store),
  )
  const [found] = stores
  if (!found) throw new UserError(`the configuration has no ${store === undefined ? 'store' : `extension ${store}`}`)
  if (stores.length > 1)
    throw new UserError(`there are several stores: --store ${stores.map(({ id }) => id).join(' or ')}`)
  return storeOptions(found.config as StoreConfig)
}
