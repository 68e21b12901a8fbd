import { duration } from '@mcpcat/collector'
import type { SessionRulesConfig } from '@mcpcat/sessions/config'
import { checkRules, sessionRulesShape } from '@mcpcat/sessions/config'
import { z } from 'zod'

/** The `store` extension's part of the YAML. */
export interface StoreConfig {
  /** `chdb`: embedded in this process. Default `chdb`. */
  engine: 'chdb'
  /** Data folder of the embedded engine, created when missing; one process at a time. Default `./mcpcat-data`. */
  path: string
  /** What makes events one session; give the `sessions` processor the same. */
  sessions: SessionRulesConfig
}

export const storeConfigSchema: z.ZodType<StoreConfig> = z.strictObject({
  engine: z.enum(['chdb']).default('chdb'),
  path: z.string().min(1).default('./mcpcat-data'),
  sessions: z
    .strictObject({ ...sessionRulesShape(duration) })
    .superRefine(checkRules)
    .default({ gap: 30 * 60_000, handles: [], ladder: undefined }),
})
