import type { TlsOptions } from './delivery/http-client.js'

export interface McpcatSpanExporterOptions {
  /** Base URL of an MCPcat collector: OTLP/HTTP to `${endpoint}/v1/traces`. Default: `MCPCAT_ENDPOINT`. */
  endpoint?: string
  /** Base URL of the hosted events API, in place of `endpoint`. Default: `MCPCAT_API_URL`. */
  apiUrl?: string
  /** Sent as resource attribute `mcpcat.project.id`, or as the event's `project_id`. Default: `MCPCAT_PROJECT_ID`. */
  projectId?: string
  /** Sent as `Authorization: Bearer …`. Default: `MCPCAT_API_KEY`. */
  apiKey?: string
  headers?: Record<string, string>
  /** Time limit of one attempt, from connecting to the last byte of the answer, in milliseconds. Default 10,000. */
  timeoutMillis?: number
  /** How long a batch is tried, in milliseconds. Default 300,000 (5 minutes). */
  maxAgeMillis?: number
  /** The first wait between attempts is random up to this, in milliseconds; the limit doubles each time. Default 1,000. */
  initialBackoffMillis?: number
  /** The longest wait between attempts, in milliseconds, unless the receiver asks for more. Default 30,000. */
  maxBackoffMillis?: number
  /** Requests at the same time at most. Default 8. */
  maxConcurrentRequests?: number
  /** Certificates, in PEM, where the system's do not suffice. */
  tls?: TlsOptions
  /** Folder for what cannot be delivered now; sent later, also after a restart. Default: none, and nothing is written. */
  spillDir?: string
  /** Bytes in the folder at most; the oldest go first. Default 67,108,864 (64 MiB). */
  spillMaxBytes?: number
  /** How long a batch is tried before it goes to disk, in milliseconds. Default 5,000. */
  spillAfterMillis?: number
}

export interface ResolvedExporterOptions {
  destination: { protocol: 'otlp' | 'events'; url: URL }
  projectId: string | undefined
  headers: Record<string, string>
  timeoutMillis: number
  maxAgeMillis: number
  initialBackoffMillis: number
  maxBackoffMillis: number
  maxConcurrentRequests: number
  tls: TlsOptions | undefined
  spillDir: string | undefined
  spillMaxBytes: number
  spillAfterMillis: number
}

/** @throws TypeError without a destination, or with one that is no http(s) URL; RangeError for a number that is not positive. */
export function resolveExporterOptions(
  options: McpcatSpanExporterOptions,
  environment: NodeJS.ProcessEnv = process.env,
): ResolvedExporterOptions {
  const apiKey = options.apiKey ?? fromEnvironment(environment, 'MCPCAT_API_KEY')
  const resolved: ResolvedExporterOptions = {
    destination: chooseDestination(options, environment),
    projectId: options.projectId ?? fromEnvironment(environment, 'MCPCAT_PROJECT_ID'),
    headers: {
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
      ...Object.fromEntries(Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    },
    timeoutMillis: options.timeoutMillis ?? 10_000,
    maxAgeMillis: options.maxAgeMillis ?? 300_000,
    initialBackoffMillis: options.initialBackoffMillis ?? 1000,
    maxBackoffMillis: options.maxBackoffMillis ?? 30_000,
    maxConcurrentRequests: options.maxConcurrentRequests ?? 8,
    tls: options.tls,
    spillDir: options.spillDir,
    spillMaxBytes: options.spillMaxBytes ?? 67_108_864,
    spillAfterMillis: options.spillAfterMillis ?? 5000,
  }
  for (const [name, value] of Object.entries(resolved)) {
    if (typeof value === 'number' && !(value > 0)) {
      throw new RangeError(`McpcatSpanExporter: ${name} must be positive, not ${value}`)
    }
  }
  return resolved
}

/** What the code says goes before what the environment says; the hosted API goes before a collector. */
function chooseDestination(
  options: McpcatSpanExporterOptions,
  environment: NodeJS.ProcessEnv,
): ResolvedExporterOptions['destination'] {
  if (options.apiUrl) return { protocol: 'events', url: parseUrl('apiUrl', options.apiUrl) }
  if (options.endpoint) return { protocol: 'otlp', url: parseUrl('endpoint', options.endpoint) }
  const apiUrl = fromEnvironment(environment, 'MCPCAT_API_URL')
  if (apiUrl) return { protocol: 'events', url: parseUrl('MCPCAT_API_URL', apiUrl) }
  const endpoint = fromEnvironment(environment, 'MCPCAT_ENDPOINT')
  if (endpoint) return { protocol: 'otlp', url: parseUrl('MCPCAT_ENDPOINT', endpoint) }
  throw new TypeError(
    'McpcatSpanExporter: name the receiver with `endpoint` (an MCPcat collector) or `apiUrl` (the hosted API), or set MCPCAT_ENDPOINT or MCPCAT_API_URL',
  )
}

function parseUrl(name: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new TypeError(`McpcatSpanExporter: ${name} must be an http or https URL, not '${value}'`)
}

function fromEnvironment(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  return environment[name]?.trim() || undefined
}
