import type { ExporterFactory } from '@mcpcat/collector'
import { emptyTraces, PermanentError, RetryableError, standingProblem, unlistedExtension } from '@mcpcat/collector'
import { DiskFullError } from './engine-errors.js'
import { z } from 'zod'
import type { StoreAccess } from './extension.js'
import { asStore } from './extension.js'

export interface StoreExporterConfig {
  /** Id of the `store` extension to write into. Default `store`. */
  store: string
}

const configSchema: z.ZodType<StoreExporterConfig> = z.strictObject({
  store: z.string().min(1).default('store'),
})

/** Writes the MCP events of a pipeline into a `store` extension; other spans pass unseen. */
export const storeExporter: ExporterFactory<StoreExporterConfig> = {
  kind: 'exporter',
  type: 'store',
  description: 'Writes MCP events into a store extension',
  configSchema,
  examine: ({ store }, { extensions }) => unlistedExtension(['store'], store, extensions),
  create(config, context) {
    let store: StoreAccess | undefined
    const problem = standingProblem(context, isStanding)
    return {
      takesSpans: true,
      holdsNothing: true,
      start(host) {
        store = asStore(host.extension(config.store))
        return Promise.resolve()
      },
      async consumeTraces(traces) {
        const open = store
        if (!open) throw new Error('the store exporter has not been started')
        await problem.around(() => {
          const written = open.write(traces)
          // All of it has been read; until it is on disk, it need not stay in memory.
          emptyTraces(traces)
          return written
        })
      },
    }
  },
}

/** Not a batch that is wrong, nor a moment of too much work. */
function isStanding(error: unknown): boolean {
  return error instanceof DiskFullError || !(error instanceof PermanentError || error instanceof RetryableError)
}
