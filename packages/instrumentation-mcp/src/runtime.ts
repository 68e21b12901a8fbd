import type { Meter, Tracer } from '@opentelemetry/api'
import type { ResolvedConfig } from './config.js'
import { createMetrics, type OperationMetrics } from './meaning/metrics.js'

/**
 * What a patch consults each time it runs. The owner replaces the parts when a provider or the
 * configuration changes, so nothing that is already patched goes stale.
 */
export interface Runtime {
  tracer: Tracer
  metrics: OperationMetrics
  config: ResolvedConfig
}

export function createRuntime(tracer: Tracer, meter: Meter, config: ResolvedConfig): Runtime {
  return { tracer, metrics: createMetrics(meter), config }
}

/** Runtimes of enabled `McpInstrumentation`s: the first serves every server and client of the process. */
const processWide: Runtime[] = []
/** Runtimes of single servers and clients, from `instrumentServer` and `instrumentClient`. */
const perInstance = new WeakMap<object, Runtime>()

export function addProcessRuntime(runtime: Runtime): void {
  if (!processWide.includes(runtime)) processWide.push(runtime)
}

export function removeProcessRuntime(runtime: Runtime): void {
  const at = processWide.indexOf(runtime)
  if (at >= 0) processWide.splice(at, 1)
}

export function processRuntime(): Runtime | undefined {
  return processWide[0]
}

export function setInstanceRuntime(instance: object, runtime: Runtime): void {
  perInstance.set(instance, runtime)
}

/** The runtime that serves this server or client; none means: behave as if we were not here. */
export function runtimeOf(instance: object): Runtime | undefined {
  return perInstance.get(instance) ?? processWide[0]
}
