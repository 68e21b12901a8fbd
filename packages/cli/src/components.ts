import { genericComponents, type Factory } from '@mcpcat/collector'
import { dashboardExtension } from '@mcpcat/dashboard'
import { mcpcatExporter } from '@mcpcat/exporter-mcpcat'
import { redactionProcessor } from '@mcpcat/processor-redaction'
import { sessionsProcessor } from '@mcpcat/processor-sessions'
import { mcpcatEventsReceiver } from '@mcpcat/receiver-mcpcat-events'
import { storeExporter, storeExtension } from '@mcpcat/store'

/** Every component of this distribution: a new one is a line here. */
export const components: readonly Factory[] = [
  ...genericComponents,
  mcpcatEventsReceiver,
  redactionProcessor,
  sessionsProcessor,
  storeExtension,
  storeExporter,
  mcpcatExporter,
  dashboardExtension,
]
