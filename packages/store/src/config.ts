import { duration } from '@mcpcat/collector'
import type { SessionRulesConfig } from '@mcpcat/sessions/config'
import { checkRules, sessionRulesShape } from '@mcpcat/sessions/config'
import { z } from 'zod'

/** `cluster` of the `store` extension. */
export interface ClusterConfig {
  /** As in the server's `remote_servers`; the user must be known on every node. */
  name: string
  /** Replicated tables, which need a Keeper. Default true. */
  replicated: boolean
  /** Path of a replicated table in the Keeper, with the server's macros. Default: the server's `default_replica_path`. */
  keeper_path?: string | undefined
}

/** The `store` extension's part of the YAML; the README has a table. */
export interface StoreConfig {
  /** `chdb`: embedded in this process. `clickhouse`: a server. Default `chdb`. */
  engine: 'chdb' | 'clickhouse'
  /** Data folder of the embedded engine, created when missing; one process at a time. Default `./mcpcat-data`. */
  path: string
  /** Of the server. Default `http://127.0.0.1:8123`. */
  url: string
  username: string
  password: string
  database: string
  /** Milliseconds that a request to the server may take. */
  timeout: number
  /** The server is a node of this cluster; absent: one server. */
  cluster?: ClusterConfig | undefined
  /** What makes events one session; the `sessions` processor takes it from here with `rules_from`. */
  sessions: SessionRulesConfig
  /** How long events are kept; without `days`, for ever. */
  retention: { days?: number | undefined; projects: Record<string, { days: number }> }
}

const days = z.int().min(1)

export const storeConfigSchema: z.ZodType<StoreConfig> = z.strictObject({
  engine: z.enum(['chdb', 'clickhouse']).default('chdb'),
  path: z.string().min(1).default('./mcpcat-data'),
  url: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8123'),
  username: z.string().default('default'),
  password: z.string().default(''),
  database: z.string().min(1).default('default'),
  timeout: duration('30s'),
  cluster: z
    .strictObject({
      name: z.string().min(1),
      replicated: z.boolean().default(true),
      keeper_path: z.string().min(1).optional(),
    })
    .optional(),
  sessions: z
    .strictObject({ ...sessionRulesShape(duration) })
    .superRefine(checkRules)
    .default({ gap: 30 * 60_000, handles: [], ladder: undefined }),
  retention: z
    .strictObject({
      days: days.optional(),
      projects: z.record(z.string(), z.strictObject({ days })).default({}),
    })
    .default({ projects: {} }),
})
