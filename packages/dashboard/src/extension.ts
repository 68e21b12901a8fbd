import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { hostname, networkInterfaces } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import {
  closeServer,
  formatHostPort,
  hostPort,
  isLoopback,
  listen,
  unlistedExtension,
  UserError,
} from '@mcpcat/collector'
import type { ExtensionFactory, Host, HostPort } from '@mcpcat/collector'
import { asStore } from '@mcpcat/store'
import { z } from 'zod'
import { createDashboardApp } from './api/app.js'
import { loadPages } from './api/pages.js'

export interface DashboardConfig {
  /** Port 0 takes a free one. Default `127.0.0.1:4320`. */
  endpoint: HostPort
  /** Id of the store extension that is read. Default `store`. */
  store: string
  /** Asked of every visitor; needed to listen beyond this machine. */
  token?: string | undefined
  /** Further host names under which the dashboard is reached, for example behind a proxy. */
  allowed_hosts: string[]
  /** Where MCP servers send OTLP, as the pages show it. Default: where this collector's OTLP/HTTP receiver listens. */
  collector_endpoint?: string | undefined
}

const configSchema: z.ZodType<DashboardConfig> = z.strictObject({
  endpoint: hostPort('127.0.0.1:4320'),
  store: z.string().min(1).default('store'),
  token: z.string().min(16, 'a token has at least 16 characters').optional(),
  allowed_hosts: z.array(z.string().min(1).toLowerCase()).default([]),
  collector_endpoint: z.url().optional(),
})

/** Serves the dashboard and the query API over the store that it names. */
export const dashboardExtension: ExtensionFactory<DashboardConfig> = {
  kind: 'extension',
  type: 'dashboard',
  description: 'Dashboard with session replay, and the query API behind it',
  configSchema,
  examine: ({ store }, { extensions }) => unlistedExtension(['store'], store, extensions),
  create(config, { id, logger }) {
    let server: Server | undefined
    let url: string | undefined
    return {
      async start(collector) {
        requireTokenBeyondLoopback(config, id)
        const app = createDashboardApp({
          store: asStore(collector.extension(config.store)),
          version: packageVersion(),
          collectorEndpoint: () => collectorEndpoint(config, collector),
          allowedHosts: new Set([...namesOf(config.endpoint), ...config.allowed_hosts]),
          token: config.token,
          pages: await loadPages(fileURLToPath(new URL('../dist/app', import.meta.url))),
          onInternalError: (error) => logger.error({ err: error }, 'a dashboard query failed'),
        })
        server = createAdaptorServer({ fetch: app.fetch }) as Server
        const { host, port } = await listen(server, config.endpoint, `extensions.${id}.endpoint`)
        url = `http://${formatHostPort({ host: isWildcard(host) ? '127.0.0.1' : host, port })}`
        logger.info({ url }, 'dashboard ready')
      },
      endpoints: () => (url === undefined ? [] : [{ name: 'dashboard', url }]),
      async shutdown() {
        const listening = server
        server = undefined
        url = undefined
        if (listening) await closeServer(listening)
      },
    }
  },
}

function requireTokenBeyondLoopback({ endpoint, token }: DashboardConfig, id: string): void {
  if (isLoopback(endpoint) || token !== undefined) return
  throw new UserError(
    `extensions.${id}.endpoint: ${formatHostPort(endpoint)} can be reached from other machines and no token guards it; ` +
      `set extensions.${id}.token: \${env:MCPCAT_DASHBOARD_TOKEN}, or bind 127.0.0.1`,
  )
}

/** Asked when a page asks: the receivers start after the extensions. */
function collectorEndpoint({ collector_endpoint: configured }: DashboardConfig, collector: Host): string {
  const served = collector.endpoints().find(({ name }) => name === 'OTLP/HTTP')
  return (configured ?? served?.url ?? 'http://127.0.0.1:4318').replace(/\/+$/, '')
}

/** The host names, as browsers send them, under which this endpoint is reached. */
function namesOf({ host }: HostPort): string[] {
  const loopback = ['127.0.0.1', 'localhost', '[::1]']
  if (!isWildcard(host)) return [...loopback, bracketed(host)]
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address))
  return [...loopback, bracketed(hostname()), ...addresses.map(bracketed)]
}

function bracketed(address: string): string {
  return (address.includes(':') ? `[${address}]` : address).toLowerCase()
}

function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::'
}

function packageVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
