import type { InstrumentationConfig } from '@opentelemetry/instrumentation'
import { warnOnce } from './guard.js'
import type { Hook, Properties, Tags, UserIdentity } from './identity/hooks.js'

/** What the instrumentation can be told. Everything is optional; the defaults are in {@link resolveConfig}. */
export interface McpInstrumentationConfig extends InstrumentationConfig {
  /**
   * Where arguments and results go: `mcpcat` (default) beside the span, for MCPcat's own processor
   * alone; `all` as span attributes too; `none` nowhere.
   */
  captureContent?: CaptureContent
  /** Characters that are kept of one request or one response, about. Default 65,536. */
  maxContentLength?: number
  /** The injected `context` argument of tools: `required` (default) or `optional` in the schema, or `off`. */
  context?: ContextMode
  /** Description of the `context` argument, as the agent reads it. */
  contextDescription?: string
  /** Tools that get no `context` argument. */
  contextExcludeTools?: readonly string[]
  /** Whether servers list `get_more_tools`, through which an agent reports a missing capability. Default `true`. */
  getMoreTools?: boolean
  /** Tells who makes a request. */
  identify?: Hook<UserIdentity>
  /** Tags of a request: at most 50, key `[A-Za-z0-9$_.:\- ]{1,32}`, value of one line and at most 200 characters. */
  eventTags?: Hook<Tags>
  /** Properties of a request: any JSON, at most 16 KiB. */
  eventProperties?: Hook<Properties>
}

export type CaptureContent = 'mcpcat' | 'all' | 'none'
export type ContextMode = 'required' | 'optional' | 'off'

/** Options, complete. */
export interface ResolvedConfig {
  readonly captureContent: CaptureContent
  readonly maxContentLength: number
  readonly context: ContextMode
  readonly contextDescription: string
  readonly contextExcludeTools: ReadonlySet<string>
  readonly getMoreTools: boolean
  readonly identify: Hook<UserIdentity> | undefined
  readonly eventTags: Hook<Tags> | undefined
  readonly eventProperties: Hook<Properties> | undefined
}

export const DEFAULT_CONTEXT_DESCRIPTION =
  'Why you are calling this tool: the goal behind it, in one or two sentences, without personal data.'

interface Rule {
  readonly expected: string
  valid(value: unknown): boolean
}

const oneOf = (...choices: string[]): Rule => ({
  expected: `one of ${choices.map((choice) => `"${choice}"`).join(', ')}`,
  valid: (value) => choices.includes(value as string),
})
const ofType = (type: 'boolean' | 'function' | 'string'): Rule => ({
  expected: `a ${type}`,
  valid: (value) => typeof value === type,
})

const RULES: Readonly<Record<keyof McpInstrumentationConfig, Rule>> = {
  enabled: ofType('boolean'),
  captureContent: oneOf('mcpcat', 'all', 'none'),
  maxContentLength: {
    expected: 'a whole number from 256 to 16777216',
    valid: (value) => Number.isInteger(value) && (value as number) >= 256 && (value as number) <= 16_777_216,
  },
  context: oneOf('required', 'optional', 'off'),
  contextDescription: ofType('string'),
  contextExcludeTools: {
    expected: 'an array of tool names',
    valid: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  },
  getMoreTools: ofType('boolean'),
  identify: ofType('function'),
  eventTags: ofType('function'),
  eventProperties: ofType('function'),
}

/** Completes the options. What is unknown or of a wrong type is reported once, through OTel's diag, and ignored. */
export function resolveConfig(options: McpInstrumentationConfig = {}): ResolvedConfig {
  const config: McpInstrumentationConfig = {}
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    const rule = Object.hasOwn(RULES, name) ? RULES[name as keyof McpInstrumentationConfig] : undefined
    if (!rule) {
      warnOnce(`unknown option "${name}" is ignored; the options are ${Object.keys(RULES).join(', ')}`)
    } else if (!rule.valid(value)) {
      warnOnce(`option "${name}" must be ${rule.expected}; its default is used`)
    } else {
      Object.assign(config, { [name]: value })
    }
  }
  return {
    captureContent: config.captureContent ?? 'mcpcat',
    maxContentLength: config.maxContentLength ?? 65_536,
    context: config.context ?? 'required',
    contextDescription: config.contextDescription ?? DEFAULT_CONTEXT_DESCRIPTION,
    contextExcludeTools: new Set(config.contextExcludeTools),
    getMoreTools: config.getMoreTools ?? true,
    identify: config.identify,
    eventTags: config.eventTags,
    eventProperties: config.eventProperties,
  }
}
