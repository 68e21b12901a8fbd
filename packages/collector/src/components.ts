import type { Factory } from './component.js'
import { debugExporter } from './exporters/debug/factory.js'
import { otlpHttpExporter } from './exporters/otlphttp/factory.js'
import { healthCheckExtension } from './extensions/health-check/factory.js'
import { otlpReceiver } from './receivers/otlp/factory.js'

/** The components that come with the collector itself. A distribution adds its own to this list. */
export const genericComponents: readonly Factory[] = [
  otlpReceiver,
  debugExporter,
  otlpHttpExporter,
  healthCheckExtension,
]
