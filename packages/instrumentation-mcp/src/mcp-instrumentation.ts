import { InstrumentationBase } from '@opentelemetry/instrumentation'
import type { TracerProvider } from '@opentelemetry/api'
import { resolveConfig, type McpInstrumentationConfig } from './config.js'
import { createMetrics } from './meaning/metrics.js'
import { installProtocolHook, removeProtocolHook } from './patch/hook.js'
import { rehookProtocols, unhookProtocols } from './patch/protocol.js'
import { addProcessRuntime, createRuntime, removeProcessRuntime, type Runtime } from './runtime.js'
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from './version.js'

/**
 * Turns every MCP request and notification of the process, received or sent, into a span.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new McpInstrumentation({ captureContent: 'none' })] })
 */
export class McpInstrumentation extends InstrumentationBase<McpInstrumentationConfig> {
  /** Made on first use: the base class enables from within its constructor, before our fields exist. */
  declare private runtime: Runtime | undefined

  constructor(config: McpInstrumentationConfig = {}) {
    super(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION, config)
  }

  protected override init(): [] {
    return []
  }

  override enable(): void {
    super.enable()
    addProcessRuntime(this.ownRuntime())
    installProtocolHook(this)
    rehookProtocols()
  }

  override disable(): void {
    super.disable()
    removeProcessRuntime(this.ownRuntime())
    if (removeProtocolHook(this)) unhookProtocols()
  }

  override setConfig(config: McpInstrumentationConfig): void {
    super.setConfig(config)
    // The base class calls this first of all, before there is a tracer to make a runtime of.
    if (this.runtime) this.runtime.config = resolveConfig(config)
  }

  override setTracerProvider(provider: TracerProvider): void {
    super.setTracerProvider(provider)
    this.ownRuntime().tracer = this.tracer
  }

  protected override _updateMetricInstruments(): void {
    if (this.runtime) this.runtime.metrics = createMetrics(this.meter)
  }

  private ownRuntime(): Runtime {
    return (this.runtime ??= createRuntime(this.tracer, this.meter, resolveConfig(this.getConfig())))
  }
}
