import { z } from 'zod'
import type { ProcessorFactory } from '../../component.js'
import { actionsSchema, attributeEdit, type ActionConfig } from './actions.js'
import { matchSchema, spanMatcher, type MatchConfig } from './match.js'

export interface AttributesConfig {
  actions: ActionConfig[]
  include?: MatchConfig | undefined
  exclude?: MatchConfig | undefined
}

/** Changes the attributes of spans. */
export const attributesProcessor: ProcessorFactory<AttributesConfig> = {
  kind: 'processor',
  type: 'attributes',
  description: 'Inserts, updates, deletes and hashes span attributes',
  configSchema: z.strictObject({
    actions: actionsSchema,
    include: matchSchema.optional(),
    exclude: matchSchema.optional(),
  }),
  create(config, _context, next) {
    const edit = attributeEdit(config.actions)
    const include = config.include && spanMatcher(config.include)
    const exclude = config.exclude && spanMatcher(config.exclude)
    return {
      mutatesData: true,
      holdsNothing: true,
      consumeTraces(traces) {
        for (const { resource, scopeSpans } of traces.resourceSpans) {
          for (const { spans } of scopeSpans) {
            for (const span of spans) {
              if (include && !include(span, resource)) continue
              if (!exclude?.(span, resource)) edit(span.attributes)
            }
          }
        }
        return next.consumeTraces(traces)
      },
    }
  },
}
