import { genericComponents, type Factory } from '@mcpcat/collector'
import { dashboardExtension } from '@mcpcat/dashboard'
import { sessionsProcessor } from '@mcpcat/processor-sessions'
import { storeExporter, storeExtension } from '@mcpcat/store'

/** Every component of this distribution: a new one is a line here. */
export const components: readonly Factory[] = [
  ...genericComponents,
  sessionsProcessor,
  storeExtension,
  storeExporter,
  dashboardExtension,
]
