import { createServer, type Server } from 'node:http'
import { z } from 'zod'
import type { ExtensionFactory } from '../../component.js'
import { formatHostPort, hostPort, type HostPort } from '../../config/values.js'
import { closeServer, listen } from '../../http/listen.js'

export interface HealthCheckConfig {
  endpoint: HostPort
  /** Where readiness is told. `/live` tells whether the process runs at all. */
  path: string
}

/** Tells a supervisor whether the collector lives and whether it is ready, with reasons. */
export const healthCheckExtension: ExtensionFactory<HealthCheckConfig> = {
  kind: 'extension',
  type: 'health_check',
  description: 'Liveness and readiness over HTTP, with reasons',
  configSchema: z.strictObject({
    endpoint: hostPort('127.0.0.1:13133'),
    path: z.string().startsWith('/').default('/'),
  }),
  create({ endpoint, path }, { id }) {
    let server: Server | undefined
    let url: string | undefined
    return {
      async start({ health }) {
        server = createServer((request, response) => {
          const asked = request.url?.split('?', 1)[0]
          const problems = Object.fromEntries(health.problems)
          const ready = health.running && health.problems.size === 0
          const known = asked === path || asked === '/live'
          const status = !known ? 404 : ready || asked === '/live' ? 200 : 503
          response.writeHead(status, { 'Content-Type': 'application/json' })
          response.end(JSON.stringify({ status: ready ? 'ready' : health.running ? 'degraded' : 'starting', problems }))
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
