import { createServer, type Server } from 'node:http'
import { z } from 'zod'
import type { ExtensionFactory } from '../../component.js'
import { formatHostPort, hostPort, isLoopback, type HostPort } from '../../config/values.js'
import { closeServer, listen } from '../../http/listen.js'
import type { Health } from '../../telemetry/health.js'

export interface HealthCheckConfig {
  endpoint: HostPort
  /** Where readiness is told. `/live` tells whether the process runs at all. */
  path: string
}

/**
 * Tells a supervisor whether the collector lives and whether it is ready. It needs no key on any
 * address, because kubelets and load balancers have none to show: whom it does not know, beyond
 * loopback, it tells the state alone, without the reasons.
 */
export const healthCheckExtension: ExtensionFactory<HealthCheckConfig> = {
  kind: 'extension',
  type: 'health_check',
  description: 'Liveness and readiness over HTTP, with reasons on loopback',
  configSchema: z.strictObject({
    endpoint: hostPort('127.0.0.1:13133'),
    path: z.string().startsWith('/').default('/'),
  }),
  create({ endpoint, path }, { id }) {
    const tellsReasons = isLoopback(endpoint)
    let server: Server | undefined
    let url: string | undefined
    return {
      async start({ health }) {
        server = createServer((request, response) => {
          const asked = request.url?.split('?', 1)[0]
          const state = stateOf(health)
          const known = asked === path || asked === LIVE
          const good = asked === LIVE || state === 'ready' || state === 'degraded'
          response.writeHead(!known ? 404 : good ? 200 : 503, { 'Content-Type': 'application/json' })
          response.end(JSON.stringify({ status: state, ...(tellsReasons && { problems: reasons(health) }) }))
        })
        url = `http://${formatHostPort(await listen(server, endpoint, `extensions.${id}.endpoint`))}${path}`
      },
      async shutdown() {
        if (server) await closeServer(server, 0)
      },
      endpoints: () => (url === undefined ? [] : [{ name: 'health', url }]),
    }
  },
}

const LIVE = '/live'

/** Data is taken when it is `ready` or `degraded`. */
function stateOf({ running, problems }: Health): 'ready' | 'degraded' | 'refusing' | 'not running' {
  if (!running) return 'not running'
  if (problems.size === 0) return 'ready'
  return [...problems.values()].some(({ weight }) => weight === 'refusing') ? 'refusing' : 'degraded'
}

function reasons({ problems }: Health): Record<string, string> {
  return Object.fromEntries([...problems].map(([component, { text }]) => [component, text]))
}
