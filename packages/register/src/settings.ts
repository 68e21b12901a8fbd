import type { DiagLogLevel } from '@opentelemetry/api'
import type { McpInstrumentationConfig } from '@mcpcat/instrumentation-mcp'
import { logLevel } from './diagnostics.js'

/** What the environment asks for, complete. */
export interface Settings {
  /** `OTEL_SDK_DISABLED`. */
  readonly disabled: boolean
  readonly logLevel: DiagLogLevel | undefined
  /** Where the spans go that every OpenTelemetry stack understands; undefined for nowhere. */
  readonly standard: StandardPath | undefined
  /** Where the spans go with their content; undefined for nowhere. */
  readonly mcpcat: McpcatPath | undefined
  readonly projectId: string | undefined
  readonly instrumentation: McpInstrumentationConfig
  /** One line for every value that was not understood, and what was done instead. */
  readonly problems: readonly string[]
}

/** OTLP; the exporter reads `OTEL_EXPORTER_OTLP_*` itself. */
export interface StandardPath {
  readonly exporter: 'otlp'
}

export interface McpcatPath {
  readonly protocol: 'otlp' | 'events'
  readonly url: string
  readonly apiKey: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

export function readSettings(environment: Environment): Settings {
  const problems: string[] = []
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined
  const choice = <T extends string>(name: string, valid: readonly T[], fallback: T): T => {
    const value = read(name)
    if (value === undefined) return fallback
    const known = valid.find((candidate) => candidate === value.toLowerCase())
    if (known === undefined) problems.push(`${name}=${value} is not one of ${valid.join(', ')}; using ${fallback}`)
    return known ?? fallback
  }

  const mcpcat = mcpcatPath(read, problems)
  const description = read('MCPCAT_CONTEXT_DESCRIPTION')
  return {
    disabled: read('OTEL_SDK_DISABLED')?.toLowerCase() === 'true',
    logLevel: level(read, problems),
    standard: standardPath(read, mcpcat !== undefined, problems),
    mcpcat,
    projectId: read('MCPCAT_PROJECT_ID'),
    instrumentation: {
      captureContent: choice('MCPCAT_CAPTURE_CONTENT', ['mcpcat', 'all', 'none'], 'mcpcat'),
      context: choice('MCPCAT_CONTEXT', ['on', 'off'], 'on') === 'off' ? 'off' : 'required',
      ...(description !== undefined && { contextDescription: description }),
    },
    problems,
  }
}

type Read = (name: string) => string | undefined

function level(read: Read, problems: string[]): DiagLogLevel | undefined {
  const name = read('OTEL_LOG_LEVEL')
  if (name === undefined) return undefined
  const known = logLevel(name)
  if (known === undefined) {
    problems.push(`OTEL_LOG_LEVEL=${name} is not one of none, error, warn, info, debug, verbose, all; logging nothing`)
  }
  return known
}

/** On when a standard variable asks for it, or when nothing at all is asked for. */
function standardPath(read: Read, hasMcpcat: boolean, problems: string[]): StandardPath | undefined {
  const exporters = (read('OTEL_TRACES_EXPORTER') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const named = exporters.filter((name) => name !== '')
  if (named.length > 0) {
    const unknown = named.filter((name) => name !== 'otlp' && name !== 'none')
    if (unknown.length > 0) {
      problems.push(`OTEL_TRACES_EXPORTER=${named.join(',')}: of these only otlp and none are known here`)
    }
    return named.includes('otlp') ? { exporter: 'otlp' } : undefined
  }
  const endpoint = read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') ?? read('OTEL_EXPORTER_OTLP_ENDPOINT')
  return endpoint !== undefined || !hasMcpcat ? { exporter: 'otlp' } : undefined
}

function mcpcatPath(read: Read, problems: string[]): McpcatPath | undefined {
  const apiKey = read('MCPCAT_API_KEY')
  for (const [name, protocol] of [
    ['MCPCAT_API_URL', 'events'],
    ['MCPCAT_ENDPOINT', 'otlp'],
  ] as const) {
    const url = read(name)
    if (url === undefined) continue
    if (/^https?:$/.test(URL.parse?.(url)?.protocol ?? '')) return { protocol, url, apiKey }
    problems.push(`${name}=${url} is not an http(s) URL; nothing is sent there`)
  }
  return undefined
}
