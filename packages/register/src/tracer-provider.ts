import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter'
import { ATTR_SERVICE_NAME } from '@mcpcat/semconv'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import type { Resource } from '@opentelemetry/resources'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import type { McpcatPath, Settings } from './settings.js'

/** The global TracerProvider of the process; undefined when the spans go nowhere. */
export function createProvider(settings: Settings, serverName: string | undefined): NodeTracerProvider | undefined {
  const spanProcessors: SpanProcessor[] = []
  if (settings.standard) spanProcessors.push(new BatchSpanProcessor(new OTLPTraceExporter()))
  if (settings.mcpcat) spanProcessors.push(mcpcatProcessor(settings.mcpcat, settings.projectId))
  if (spanProcessors.length === 0) return undefined
  const provider = new NodeTracerProvider({ resource: resource(serverName), spanProcessors })
  provider.register()
  return provider
}

function mcpcatProcessor(path: McpcatPath, projectId: string | undefined): SpanProcessor {
  return new McpcatSpanProcessor(
    new McpcatSpanExporter({
      endpoint: path.url,
      ...(projectId !== undefined && { projectId }),
      ...(path.apiKey !== undefined && { apiKey: path.apiKey }),
    }),
  )
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win over the server's own name. */
function resource(serverName: string | undefined): Resource {
  const named = serverName === undefined ? {} : { [ATTR_SERVICE_NAME]: serverName }
  return defaultResource()
    .merge(resourceFromAttributes(named))
    .merge(detectResources({ detectors: [envDetector] }))
}
