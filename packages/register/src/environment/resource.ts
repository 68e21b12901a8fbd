import { ATTR_SERVICE_NAME } from '@mcpcat/semconv'
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources'
import type { Resource, ResourceDetector } from '@opentelemetry/resources'

/** The names that `OTEL_NODE_RESOURCE_DETECTORS` takes, besides `all` and `none`. */
export const resourceDetectors: Readonly<Record<string, ResourceDetector>> = {
  env: envDetector,
  host: hostDetector,
  os: osDetector,
  process: processDetector,
  serviceinstance: serviceInstanceIdDetector,
}

/**
 * What the spans say of this process. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win over the
 * server's own name. Without `detectors` the resource tells no more than it must: host name, user
 * and command line, which can hold secrets, are told only on request.
 */
export function describeProcess(serverName: string | undefined, detectors: readonly string[] | undefined): Resource {
  const names = detectors ?? ['env', 'serviceinstance']
  const own = {
    ...(serverName !== undefined && { [ATTR_SERVICE_NAME]: serverName }),
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
  }
  return defaultResource()
    .merge(resourceFromAttributes(own))
    .merge(detectResources({ detectors: names.map((name) => resourceDetectors[name]).filter((found) => !!found) }))
}
