import type { InstrumentationConfig } from '@opentelemetry/instrumentation'

/** What the instrumentation can be told. Everything is optional; the defaults are in {@link resolveConfig}. */
export interface McpInstrumentationConfig extends InstrumentationConfig {
  /**
   * Where arguments and results go: `mcpcat` (default) beside the span, for MCPcat's own processor
   * alone; `all` as span attributes too; `none` nowhere.
   */
  captureContent?: CaptureContent
  /** The injected `context` argument of tools: `required` (default) or `optional` in the schema, or `off`. */
  context?: ContextMode
  /** Description of the `context` argument, as the agent reads it. */
  contextDescription?: string
  /** Tools that get no `context` argument. */
  contextExcludeTools?: readonly string[]
  /** Whether servers list `get_more_tools`, through which an agent reports a missing capability. Default `true`. */
  getMoreTools?: boolean
}

export type CaptureContent = 'mcpcat' | 'all' | 'none'
export type ContextMode = 'required' | 'optional' | 'off'

/** Options, complete. */
export interface ResolvedConfig {
  readonly captureContent: CaptureContent
  readonly context: ContextMode
  readonly contextDescription: string
  readonly contextExcludeTools: ReadonlySet<string>
  readonly getMoreTools: boolean
}

export const DEFAULT_CONTEXT_DESCRIPTION =
  'Why you are calling this tool: the goal behind it, in one or two sentences, without personal data.'

export function resolveConfig(config: McpInstrumentationConfig = {}): ResolvedConfig {
  return {
    captureContent: config.captureContent ?? 'mcpcat',
    context: config.context ?? 'required',
    contextDescription: config.contextDescription ?? DEFAULT_CONTEXT_DESCRIPTION,
    contextExcludeTools: new Set(config.contextExcludeTools),
    getMoreTools: config.getMoreTools ?? true,
  }
}
