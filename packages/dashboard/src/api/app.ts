import type { IssueWrites, StoreReader } from '@mcpcat/store'
import { Hono } from 'hono'
import { aboutRoutes } from './about.js'
import { allowHosts, requireToken } from './access.js'
import { answerError, onError } from './errors.js'
import { eventRoutes } from './events.js'
import { securityHeaders } from './headers.js'
import { intentRoutes } from './intents.js'
import { issueRoutes } from './issues.js'
import { openapiRoutes } from './openapi.js'
import { overviewRoutes } from './overview.js'
import { pageRoutes } from './pages.js'
import type { Pages } from './pages.js'
import { peopleRoutes } from './people.js'
import { projectRoutes } from './projects.js'
import { sessionRoutes } from './sessions.js'
import { toolRoutes } from './tools.js'

export interface DashboardAppOptions {
  /** What is read, and the little that readers say of it. */
  store: StoreReader & IssueWrites
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
  const { store, version, collectorEndpoint, allowedHosts, token, pages, onInternalError } = options
  const app = new Hono()
  app.onError(onError(onInternalError))
  app.notFound((context) => answerError(context, { code: 'not_found', message: `There is no ${context.req.path}.` }))
  app.use(securityHeaders)
  app.use(allowHosts(allowedHosts))
  if (token !== undefined) app.use(requireToken(token))

  const api = new Hono()
  api.route('/projects', projectRoutes(store))
  api.route('/sessions', sessionRoutes(store))
  api.route('/events', eventRoutes(store))
  api.route('/intents', intentRoutes(store))
  api.route('/tools', toolRoutes(store))
  api.route('/issues', issueRoutes(store, store))
  api.route('/', overviewRoutes(store))
  api.route('/', peopleRoutes(store))
  api.route('/', aboutRoutes(version, collectorEndpoint))
  api.route('/', openapiRoutes(version))
  api.all('*', (context) => context.notFound())
  app.route('/api/v1', api)
  app.all('/api/*', (context) => context.notFound())

  if (pages) app.route('/', pageRoutes(pages))
  return app
}
