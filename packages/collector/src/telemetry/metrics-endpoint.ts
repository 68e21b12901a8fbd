import { createServer, type Server } from 'node:http'
import type { Component } from '../component.js'
import { formatHostPort, type HostPort } from '../config/values.js'
import { closeServer, listen } from '../http/listen.js'
import type { MetricsRegistry } from './metrics.js'

const SETTING = 'service.telemetry.metrics.address'

/** Serves the collector's own figures at `/metrics`, for Prometheus: counts and ids of components, nothing of what flows through. */
export function metricsEndpoint(address: HostPort, registry: MetricsRegistry): Component {
  let server: Server | undefined
  let url: string | undefined
  return {
    async start() {
      server = createServer((request, response) => {
        const found = request.url?.split('?', 1)[0] === '/metrics'
        response.writeHead(found ? 200 : 404, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' })
        response.end(found ? registry.render() : 'not found; the metrics are at /metrics\n')
      })
      url = `http://${formatHostPort(await listen(server, address, SETTING))}/metrics`
    },
    async shutdown() {
      if (server) await closeServer(server, 0)
    },
    endpoints: () => (url === undefined ? [] : [{ name: 'metrics', url }]),
  }
}
