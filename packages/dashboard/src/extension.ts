import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { UserError } from '@mcpcat/collector'
import type { Component, ExtensionFactory } from '@mcpcat/collector'
import { asStore } from '@mcpcat/store'
import { z } from 'zod'
import { createDashboardApp } from './api/app.js'
import { loadPages } from './api/pages.js'

export interface DashboardExtensionConfig {
  /** `host:port`; port 0 takes a free one. */
  endpoint: string
  /** Id of the store extension that is read. */
  store: string
  /** Asked of every visitor; needed to listen beyond this machine. */
  token?: string | undefined
  /** Further host names under which the dashboard is reached, for example behind a proxy. */
  allowed_hosts: string[]
  /** Where MCP servers send OTLP, as the pages show it. */
  collector_endpoint: string
}

export interface DashboardExtension extends Component {
  /** Base URL without a trailing slash, once started. */
  readonly url: string | undefined
}

const configSchema: z.ZodType<DashboardExtensionConfig> = z.strictObject({
  endpoint: z
    .string()
    .regex(/^(\[[0-9a-fA-F:]+\]|[^:[\]]+):\d{1,5}$/, 'must be host:port, for example 127.0.0.1:4320')
    .default('127.0.0.1:4320'),
  store: z.string().default('store'),
  token: z.string().min(16, 'must have at least 16 characters').optional(),
  allowed_hosts: z.array(z.string().toLowerCase()).default([]),
  collector_endpoint: z.url().default('http://127.0.0.1:4318'),
})

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])
const WILDCARD = new Set(['0.0.0.0', '[::]'])

/** Serves the dashboard and the query API over the store of the extension it names. */
export const dashboardExtension: ExtensionFactory<DashboardExtensionConfig> = {
  kind: 'extension',
  type: 'dashboard',
  description: 'Dashboard with session replay, and the query API behind it',
  configSchema,
  create(config, { id, logger }): DashboardExtension {
    const { host, port } = splitEndpoint(config.endpoint)
    let server: Server | undefined
    let url: string | undefined
    return {
      get url() {
        return url
      },
      async start(collector) {
        if (!LOOPBACK.has(host) && config.token === undefined)
          throw new UserError(
            `${id}: refusing to listen on ${config.endpoint} without a token, because everyone who can reach it could ` +
              `read every session. Set \`token: \${env:MCPCAT_DASHBOARD_TOKEN}\` on the extension, or listen on 127.0.0.1.`,
          )
        const version = packageVersion()
        const app = createDashboardApp({
          reader: asStore(collector.extension(config.store)),
          config: { version, collectorEndpoint: config.collector_endpoint.replace(/\/$/, '') },
          allowedHosts: new Set([
            ...LOOPBACK,
            host,
            ...config.allowed_hosts,
            ...(WILDCARD.has(host) ? ownNames() : []),
          ]),
          token: config.token,
          pages: await loadPages(fileURLToPath(new URL('../dist/app', import.meta.url))),
          onInternalError: (error) => logger.error({ err: error }, 'a dashboard query failed'),
        })
        server = await listen(app.fetch, host, port, id)
        url = `http://${WILDCARD.has(host) ? '127.0.0.1' : host}:${(server.address() as AddressInfo).port}`
        logger.info({ url }, 'dashboard ready')
      },
      async shutdown() {
        const closing = server
        if (!closing) return
        server = undefined
        await new Promise<void>((resolve) => {
          closing.close(() => resolve())
          closing.closeAllConnections()
        })
      },
    }
  },
}

type Fetch = Parameters<typeof serve>[0]['fetch']

function listen(fetch: Fetch, host: string, port: number, id: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: host.replace(/^\[|\]$/g, '') }, () => resolve(server)) as Server
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(LISTEN_PROBLEM[error.code ?? '']?.(id, `${host}:${port}`, error) ?? error)
    })
  })
}

const LISTEN_PROBLEM: Record<string, (id: string, endpoint: string, cause: Error) => UserError> = {
  EADDRINUSE: (id, endpoint, cause) =>
    new UserError(`${id}: ${endpoint} is in use by another process. Stop it, or set another \`endpoint\`.`, { cause }),
  EACCES: (id, endpoint, cause) =>
    new UserError(`${id}: this user may not listen on ${endpoint}. Set an \`endpoint\` above port 1023.`, { cause }),
  EADDRNOTAVAIL: (id, endpoint, cause) =>
    new UserError(`${id}: ${endpoint} is not an address of this machine. Set another \`endpoint\`.`, { cause }),
}

function splitEndpoint(endpoint: string): { host: string; port: number } {
  const colon = endpoint.lastIndexOf(':')
  return { host: endpoint.slice(0, colon).toLowerCase(), port: Number(endpoint.slice(colon + 1)) }
}

/** The names and addresses under which other machines know this one. */
function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return [
    hostname().toLowerCase(),
    ...addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
  ]
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
