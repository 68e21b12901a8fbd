import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHealth, createMetrics, type Traces } from '@mcpcat/collector'
import { asStore, storeConfigSchema, storeExtension } from '@mcpcat/store'
import { pino } from 'pino'
import { dashboardExtension } from '../extension.js'

export interface Preview {
  url: string
  write: (traces: Traces) => Promise<void>
  close: () => Promise<void>
}

/** The real extension over a real store in a folder of its own. `config` is the dashboard's, as in the YAML. */
export async function startPreview(config: Record<string, unknown> = {}): Promise<Preview> {
  const context = {
    logger: pino({ level: 'error' }),
    metrics: createMetrics().scoped({}),
    reportProblem: () => undefined,
  }
  const path = await mkdtemp(join(tmpdir(), 'mcpcat-dashboard-'))
  const store = storeExtension.create(storeConfigSchema.parse({ path }), { id: 'store', ...context })
  const host = {
    extension: () => store,
    extensions: () => new Map([['store', store]]),
    health: createHealth(),
    endpoints: () => [],
  }
  const dashboard = dashboardExtension.create(
    dashboardExtension.configSchema.parse({ endpoint: '127.0.0.1:0', ...config }),
    { id: 'dashboard', ...context },
  )
  const close = async (): Promise<void> => {
    await dashboard.shutdown?.()
    await store.shutdown?.()
    await rm(path, { recursive: true, force: true })
  }
  try {
    await store.start?.(host)
    await dashboard.start?.(host)
    const url = dashboard.endpoints?.()[0]?.url
    if (url === undefined) throw new Error('the dashboard serves nothing')
    return { url, write: (traces) => asStore(store).write(traces), close }
  } catch (error) {
    await close()
    throw error
  }
}
