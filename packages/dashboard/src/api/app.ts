import type { StoreReader } from '@mcpcat/store'
import { Hono } from 'hono'
import { aboutRoutes } from './about.js'
import { allowHosts, requireToken } from './access.js'
import { answerError, onError } from './errors.js'
import { eventRoutes } from './events.js'
import { securityHeaders } from './headers.js'
import { openapiRoutes } from './openapi.js'
import { pageRoutes } from './pages.js'
import type { Pages } from './pages.js'
import { projectRoutes } from './projects.js'
import { sessionRoutes } from './sessions.js'

export interface DashboardAppOptions {
  reader: StoreReader
  version: string
  /** Base URL to which MCP servers send OTLP; asked when a page asks. */
  collectorEndpoint: () => string
  /** Host names (lower case, without port) under which the dashboard is reached. */
  allowedHosts: ReadonlySet<string>
  /** Asked of every request when set. */
  token?: string | undefined
  /** The built browser app. Default: the API alone. */
  pages?: Pages
  /** Called with errors that are answered with 500. */
  onInternalError: (error: Error) => void
}

/** The query API under `/api/v1` and the pages that use it. */
export function createDashboardApp(options: DashboardAppOptions): Hono {
  const { reader, version, collectorEndpoint, allowedHosts, token, pages, onInternalError } = options
  const app = new Hono()
  app.onError(onError(onInternalError))
  app.notFound((context) => answerError(context, { code: 'not_found', message: `There is no ${context.req.path}.` }))
  app.use(securityHeaders)
  app.use(allowHosts(allowedHosts))
  if (token !== undefined) app.use(requireToken(token))

  const api = new Hono()
  api.route('/projects', projectRoutes(reader))
  api.route('/sessions', sessionRoutes(reader))
  api.route('/events', eventRoutes(reader))
  api.route('/', aboutRoutes(version, collectorEndpoint))
  api.route('/', openapiRoutes(version))
  api.all('*', (context) => context.notFound())
  app.route('/api/v1', api)
  app.all('/api/*', (context) => context.notFound())

  if (pages) app.route('/', pageRoutes(pages))
  return app
}
