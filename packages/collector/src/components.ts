import type { Factory } from './component.js'
import { debugExporter } from './exporters/debug/factory.js'
import { fileExporter } from './exporters/file/factory.js'
import { otlpExporter } from './exporters/otlp/factory.js'
import { otlpHttpExporter } from './exporters/otlphttp/factory.js'
import { fileStorageExtension } from './extensions/file-storage/factory.js'
import { healthCheckExtension } from './extensions/health-check/factory.js'
import { attributesProcessor } from './processors/attributes/factory.js'
import { batchProcessor } from './processors/batch/factory.js'
import { filterProcessor } from './processors/filter/factory.js'
import { memoryLimiterProcessor } from './processors/memory-limiter/factory.js'
import { resourceProcessor } from './processors/resource/factory.js'
import { otlpReceiver } from './receivers/otlp/factory.js'

/** The components that come with the collector itself. A distribution adds its own to this list. */
export const genericComponents: readonly Factory[] = [
  otlpReceiver,
  memoryLimiterProcessor,
  batchProcessor,
  attributesProcessor,
  resourceProcessor,
  filterProcessor,
  debugExporter,
  fileExporter,
  otlpExporter,
  otlpHttpExporter,
  fileStorageExtension,
  healthCheckExtension,
]
