import { metrics, trace, type Meter, type MeterProvider, type Tracer, type TracerProvider } from '@opentelemetry/api'
import { resolveConfig, type McpInstrumentationConfig, type ResolvedConfig } from './config.js'
import { createMetrics, type OperationMetrics } from './meaning/metrics.js'
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from './version.js'

/** What a patch consults each time it runs. Never changed, only replaced as a whole. */
export interface Runtime {
  readonly tracer: Tracer
  /** What the tracer is of; absent: the global provider. */
  readonly tracerProvider?: TracerProvider | undefined
  readonly metrics: OperationMetrics
  readonly options: McpInstrumentationConfig
  readonly config: ResolvedConfig
}

/** Where an owner keeps its runtime: nothing that is already patched goes stale when it is replaced. */
export interface RuntimeHolder {
  current: Runtime
}

export interface Providers {
  tracerProvider?: TracerProvider
  meterProvider?: MeterProvider
}

export function createRuntime(
  tracer: Tracer,
  meter: Meter,
  options: McpInstrumentationConfig,
  tracerProvider: TracerProvider | undefined,
): Runtime {
  return { tracer, tracerProvider, metrics: createMetrics(meter), options, config: resolveConfig(options) }
}

/** Holders of the enabled `McpInstrumentation`s: the first serves every server and client of the process. */
const processWide: RuntimeHolder[] = []

export function addProcessRuntime(holder: RuntimeHolder): void {
  if (!processWide.includes(holder)) processWide.push(holder)
}

export function removeProcessRuntime(holder: RuntimeHolder): void {
  const at = processWide.indexOf(holder)
  if (at >= 0) processWide.splice(at, 1)
}

/** What one server or client was told for itself, over what the process was told. */
interface InstanceSettings {
  readonly options: McpInstrumentationConfig
  readonly providers: Providers
  base: Runtime | undefined
  runtime: Runtime
}

const perInstance = new WeakMap<object, InstanceSettings>()
let anyInstance = false

/** Settings of a single server or client; those given before stay unless they are given again. */
export function setInstanceOptions(instance: object, options: McpInstrumentationConfig, given: Providers): void {
  const known = perInstance.get(instance)
  const merged = { ...known?.options, ...options }
  const providers = { ...known?.providers, ...given }
  const base = processWide[0]?.current
  anyInstance = true
  perInstance.set(instance, { options: merged, providers, base, runtime: derive(base, merged, providers) })
}

/** The runtime that serves this server or client; none means: behave as if we were not here. */
export function runtimeOf(instance: object): Runtime | undefined {
  const base = processWide[0]?.current
  if (!anyInstance) return base
  const settings = perInstance.get(instance)
  if (!settings) return base
  if (settings.base !== base) {
    settings.base = base
    settings.runtime = derive(base, settings.options, settings.providers)
  }
  return settings.runtime
}

/** Whether the process as a whole is instrumented. */
export function hasProcessRuntime(): boolean {
  return processWide.length > 0
}

/** For what belongs to no server: the process's runtime, or one on the global providers. */
export function defaultRuntime(): Runtime {
  return processWide[0]?.current ?? derive(undefined, {}, {})
}

/** Whether single servers or clients were instrumented: the patches are then theirs as well. */
export function hasInstanceRuntimes(): boolean {
  return anyInstance
}

function derive(base: Runtime | undefined, options: McpInstrumentationConfig, providers: Providers): Runtime {
  const merged = { ...base?.options, ...options }
  const tracerProvider = providers.tracerProvider ?? base?.tracerProvider
  const tracer =
    base && !providers.tracerProvider
      ? base.tracer
      : (providers.tracerProvider ?? trace).getTracer(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION)
  if (base && !providers.meterProvider) {
    return { tracer, tracerProvider, metrics: base.metrics, options: merged, config: resolveConfig(merged) }
  }
  const meter = (providers.meterProvider ?? metrics).getMeter(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION)
  return createRuntime(tracer, meter, merged, tracerProvider)
}
