import type { Component, ComponentContext, ExtensionFactory } from '@mcpcat/collector'
import { UserError } from '@mcpcat/collector'
import type { RulesFactory, RulesSource } from '@mcpcat/sessions'
import { rulesFrom } from '@mcpcat/sessions/config'
import type { StoreConfig } from './config.js'
import { storeConfigSchema } from './config.js'
import type { ControlServer } from './control/server.js'
import { serveControl } from './control/server.js'
import { describeOwner } from './data-folder.js'
import type { StoreReader } from './reading.js'
import type { GoalWrites } from './reading/goals.js'
import type { IssueWrites } from './reading/issues.js'
import type { RetentionRules } from './operations/retention.js'
import type { ClickHouseOptions } from './engine-clickhouse.js'
import type { Store, StoreOptions } from './store.js'
import { openStore } from './store.js'
import type { StoreWriter } from './writer.js'

/** The store as other components reach it through `host.extension(id)`. */
export type StoreAccess = StoreReader & Pick<StoreWriter, 'write'> & GoalWrites & IssueWrites

const stores = new WeakMap<Component, () => StoreAccess>()

/** Owns the engine, the schema and the data folder. The `store` exporter writes into it, the dashboard reads from it. */
export const storeExtension: ExtensionFactory<StoreConfig> & RulesFactory<StoreConfig> = {
  kind: 'extension',
  type: 'store',
  description: 'Events and sessions in ClickHouse, embedded in this process or a server',
  configSchema: storeConfigSchema,
  rulesOf: ({ sessions }) => rulesFrom(sessions),
  create(config, { id, logger }) {
    let store: Store | undefined
    let retaining: Disposable | undefined
    let control: ControlServer | undefined
    const component: Component & RulesSource = {
      sessionRules: rulesFrom(config.sessions),
      async start() {
        store = await openStore(storeOptions(config))
        const place = config.engine === 'chdb' ? { path: config.path } : { url: config.url, database: config.database }
        logger.info({ engine: config.engine, ...place }, 'store open')
        retaining = retain(store, config.retention, logger)
        if (config.engine !== 'chdb') return
        control = await serveControl(config.path, store, (error) => {
          logger.error({ err: error }, 'a request of the command line failed')
        })
        await describeOwner(config.path, { control: control.address })
      },
      async running(host) {
        if (config.engine === 'chdb') await describeOwner(config.path, { endpoints: host.endpoints() })
      },
      async shutdown() {
        const open = store
        store = undefined
        retaining?.[Symbol.dispose]()
        await control?.close()
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

/** What {@link openStore} takes, of a configuration. */
export function storeOptions(config: StoreConfig): StoreOptions {
  return {
    engine: config.engine === 'chdb' ? 'chdb' : { clickhouse: clickHouseOptions(config) },
    path: config.path,
    rules: rulesFrom(config.sessions),
  }
}

function clickHouseOptions({ url, username, password, database, timeout, cluster }: StoreConfig): ClickHouseOptions {
  return {
    url,
    username,
    password,
    database,
    timeoutMs: timeout,
    ...(cluster && {
      cluster: { name: cluster.name, replicated: cluster.replicated, keeperPath: cluster.keeper_path },
    }),
  }
}

const RETENTION_INTERVAL_MS = 60 * 60_000

/** Deletes what has expired, now and every hour. */
function retain(store: Store, rules: RetentionRules, logger: ComponentContext['logger']): Disposable {
  if (rules.days === undefined && Object.keys(rules.projects).length === 0) return { [Symbol.dispose]: () => undefined }
  const apply = (): void => {
    store.operations.applyRetention(rules).catch((error: unknown) => {
      logger.error({ err: error }, 'retention failed; it is tried again in an hour')
    })
  }
  apply()
  const timer = setInterval(apply, RETENTION_INTERVAL_MS).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
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
