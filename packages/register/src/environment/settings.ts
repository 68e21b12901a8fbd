import type { McpInstrumentationConfig } from '@mcpcat/instrumentation-mcp'
import type { DiagLogLevel } from '@opentelemetry/api'
import { logLevel } from '../diagnostics.js'
import type { OtlpProtocol } from '../standard/standard-config.js'
import { EnvironmentReader } from './environment-reader.js'
import type { Environment } from './environment-reader.js'
import { propagators } from './propagator.js'
import { resourceDetectors } from './resource.js'

/** What the environment asks for, complete. */
export interface Settings {
  /** `OTEL_SDK_DISABLED`: do nothing at all. */
  readonly disabled: boolean
  readonly logLevel: DiagLogLevel | undefined
  /** Where the spans go that every OpenTelemetry stack understands; undefined for nowhere. */
  readonly standard: StandardPath | undefined
  /** Spans on stderr. */
  readonly console: boolean
  /** Where the spans go with their content; undefined for nowhere. */
  readonly mcpcat: McpcatPath | undefined
  readonly projectId: string | undefined
  readonly propagators: readonly string[]
  /** Undefined for our own choice. */
  readonly resourceDetectors: readonly string[] | undefined
  readonly instrumentation: McpInstrumentationConfig
  /** One line for every value that was not understood: which, and what is done instead. */
  readonly problems: readonly string[]
}

/** OTLP/HTTP; the endpoint, headers and so on are read by the exporter. */
export interface StandardPath {
  readonly protocol: OtlpProtocol
}

export interface McpcatPath {
  readonly protocol: 'otlp' | 'events'
  readonly url: string
  readonly apiKey: string | undefined
}

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

export function readSettings(environment: Environment): Settings {
  const reader = new EnvironmentReader(environment)
  const mcpcat = mcpcatPath(reader)
  const exporters = reader.names('OTEL_TRACES_EXPORTER', ['otlp', 'console'])
  const description = reader.text('MCPCAT_CONTEXT_DESCRIPTION')
  const level = reader.text('OTEL_LOG_LEVEL')
  if (level !== undefined && logLevel(level) === undefined) {
    reader.problem(`OTEL_LOG_LEVEL=${level} is not one of none, error, warn, info, debug, verbose, all; it is ignored`)
  }
  // The SDK reads this one itself, and complains only to diag.
  reader.choice('OTEL_TRACES_SAMPLER', samplers, 'parentbased_always_on')
  return {
    disabled: reader.choice('OTEL_SDK_DISABLED', ['true', 'false'], 'false') === 'true',
    logLevel: level === undefined ? undefined : logLevel(level),
    standard: standardPath(reader, exporters, mcpcat !== undefined),
    console: exporters?.includes('console') ?? false,
    mcpcat,
    projectId: reader.text('MCPCAT_PROJECT_ID'),
    propagators: reader.names('OTEL_PROPAGATORS', Object.keys(propagators)) ?? Object.keys(propagators),
    resourceDetectors: detectors(reader),
    instrumentation: {
      captureContent: reader.choice('MCPCAT_CAPTURE_CONTENT', ['mcpcat', 'all', 'none'], 'mcpcat'),
      context: reader.choice('MCPCAT_CONTEXT', ['on', 'off'], 'on') === 'off' ? 'off' : 'required',
      ...(description !== undefined && { contextDescription: description }),
    },
    problems: reader.problems,
  }
}

function detectors(reader: EnvironmentReader): readonly string[] | undefined {
  const known = Object.keys(resourceDetectors)
  const names = reader.names('OTEL_NODE_RESOURCE_DETECTORS', ['all', ...known])
  return names?.includes('all') ? known : names
}

/** On when a standard variable asks for it, or when nothing at all is asked for. */
function standardPath(
  reader: EnvironmentReader,
  exporters: readonly string[] | undefined,
  hasMcpcat: boolean,
): StandardPath | undefined {
  const endpointVariable = reader.first('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT')
  const wanted = exporters ? exporters.includes('otlp') : endpointVariable !== undefined || !hasMcpcat
  if (!wanted) return undefined
  if (endpointVariable !== undefined && reader.httpUrl(endpointVariable) === undefined) return undefined
  const protocolVariable = reader.first('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL')
  if (protocolVariable === undefined) return { protocol: 'http/protobuf' }
  if (reader.text(protocolVariable) === 'grpc') {
    reader.problem(
      `${protocolVariable}=grpc is not spoken here, so no spans go to the standard endpoint; ` +
        'use http/protobuf, usually on port 4318, or a TracerProvider of your own',
    )
    return undefined
  }
  return { protocol: reader.choice(protocolVariable, ['http/protobuf', 'http/json'], 'http/protobuf') }
}

/** The hosted events API when it is named, else a collector. */
function mcpcatPath(reader: EnvironmentReader): McpcatPath | undefined {
  const variable = reader.first('MCPCAT_API_URL', 'MCPCAT_ENDPOINT')
  const url = variable && reader.httpUrl(variable)
  if (url === undefined) return undefined
  const protocol = variable === 'MCPCAT_API_URL' ? 'events' : 'otlp'
  return { protocol, url, apiKey: reader.text('MCPCAT_API_KEY') }
}
