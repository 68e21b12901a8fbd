import { z } from 'zod'
import type { ProcessorFactory } from '../../component.js'
import { actionsSchema, attributeEdit, type ActionConfig } from '../attributes/actions.js'

export interface ResourceConfig {
  attributes: ActionConfig[]
}

/** Changes the attributes of resources. */
export const resourceProcessor: ProcessorFactory<ResourceConfig> = {
  kind: 'processor',
  type: 'resource',
  description: 'Inserts, updates, deletes and hashes resource attributes',
  configSchema: z.strictObject({ attributes: actionsSchema }),
  create(config, _context, next) {
    const edit = attributeEdit(config.attributes)
    return {
      mutatesData: true,
      holdsNothing: true,
      consumeTraces(traces) {
        for (const { resource } of traces.resourceSpans) edit(resource.attributes)
        return next.consumeTraces(traces)
      },
    }
  },
}
