import { standardConfig } from '@mcpcat/register/doctor'
import type { Settings } from '@mcpcat/register/doctor'
import { startRelay } from './relay.js'
import type { RelayedAnswer } from './relay.js'

/** One place where the environment sends spans to. */
export interface Endpoint {
  readonly title: string
  readonly url: string
  /** How requests were answered; undefined when they could not be watched. */
  readonly answers: readonly RelayedAnswer[] | undefined
}

export interface WatchedEndpoints {
  readonly endpoints: readonly Endpoint[]
  /** Sends the server under diagnosis to the relays. */
  readonly variables: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Puts a relay in front of every endpoint that the environment names. */
export async function watchEndpoints(settings: Settings, environment: NodeJS.ProcessEnv): Promise<WatchedEndpoints> {
  const endpoints: Endpoint[] = []
  const variables: Record<string, string> = {}
  const closings: (() => Promise<void>)[] = []

  if (settings.standard) {
    const { url } = standardConfig(settings.standard.protocol)
    const title = 'OpenTelemetry endpoint'
    if (hasOwnCertificates(environment)) {
      endpoints.push({ title, url, answers: undefined })
    } else {
      const relay = await startRelay(() => url)
      variables['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] = `${relay.url}/v1/traces`
      endpoints.push({ title, url, answers: relay.answers })
      closings.push(() => relay.close())
    }
  }
  if (settings.mcpcat) {
    const { url, protocol } = settings.mcpcat
    const base = url.replace(/\/+$/, '')
    const relay = await startRelay((path) => `${base}${path}`)
    const [variable, title] =
      protocol === 'events' ? ['MCPCAT_API_URL', 'MCPcat events API'] : ['MCPCAT_ENDPOINT', 'MCPcat collector']
    variables[variable] = relay.url
    endpoints.push({ title, url, answers: relay.answers })
    closings.push(() => relay.close())
  }
  return {
    endpoints,
    variables,
    close: async () => void (await Promise.all(closings.map((close) => close()))),
  }
}

/** The relay would have to present them. */
function hasOwnCertificates(environment: NodeJS.ProcessEnv): boolean {
  return Object.keys(environment).some((name) => /^OTEL_EXPORTER_OTLP_.*(CERTIFICATE|CLIENT_KEY)$/.test(name))
}
