import type { TracerProvider } from '@opentelemetry/api'
import { InstrumentationBase } from '@opentelemetry/instrumentation'
import type { McpInstrumentationConfig } from './config.js'
import { installLoader } from './loading/index.js'
import { installProtocolHook, removeProtocolHook } from './patch/hook.js'
import { repatchMethods, restoreMethods } from './patch/prototypes.js'
import { unhookRegisteredTools } from './patch/tool-errors.js'
import { unhookAllTransports } from './patch/transport.js'
import {
  addProcessRuntime,
  createRuntime,
  hasInstanceRuntimes,
  removeProcessRuntime,
  type Runtime,
  type RuntimeHolder,
} from './runtime.js'
import { INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION } from './version.js'

/**
 * Turns every MCP request and notification of the process, received or sent, into a span.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new McpInstrumentation({ captureContent: 'none' })] })
 */
export class McpInstrumentation extends InstrumentationBase<McpInstrumentationConfig> {
  /** Made on first use: the base class enables from within its constructor, before our fields exist. */
  declare private holder: RuntimeHolder | undefined
  declare private tracerProvider: TracerProvider | undefined

  constructor(config: McpInstrumentationConfig = {}) {
    super(INSTRUMENTATION_NAME, INSTRUMENTATION_VERSION, config)
  }

  /** Nothing that `InstrumentationBase` could find by name: see `loading/`. */
  protected override init(): [] {
    return []
  }

  override enable(): void {
    super.enable()
    addProcessRuntime(this.runtime())
    installProtocolHook(this)
    installLoader()
    repatchMethods()
  }

  /** Restores the originals, unless single servers or clients were instrumented, which stay so. */
  override disable(): void {
    super.disable()
    removeProcessRuntime(this.runtime())
    if (!removeProtocolHook(this) || hasInstanceRuntimes()) return
    restoreMethods()
    unhookAllTransports()
    unhookRegisteredTools()
  }

  override setConfig(config: McpInstrumentationConfig): void {
    super.setConfig(config)
    this.renew()
  }

  override setTracerProvider(provider: TracerProvider): void {
    super.setTracerProvider(provider)
    this.tracerProvider = provider
    this.renew()
  }

  /** Called by the base class whenever the meter is another. */
  protected override _updateMetricInstruments(): void {
    this.renew()
  }

  private renew(): void {
    if (this.holder) this.holder.current = this.createRuntime()
  }

  private runtime(): RuntimeHolder {
    return (this.holder ??= { current: this.createRuntime() })
  }

  private createRuntime(): Runtime {
    return createRuntime(this.tracer, this.meter, this.getConfig(), this.tracerProvider)
  }
}
