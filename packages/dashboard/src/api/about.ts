import { Hono } from 'hono'
import type { DashboardInfo, Status } from './answers.js'
import { readNothing } from './parameters.js'

/** `/status` and `/config`. */
export function aboutRoutes(version: string, collectorEndpoint: () => string): Hono {
  const startedAt = new Date().toISOString()
  const routes = new Hono()
  routes.get('/status', (context) => {
    readNothing(context)
    return context.json({
      status: 'ok',
      version,
      time: new Date().toISOString(),
      startedAt,
    } satisfies Status)
  })
  routes.get('/config', (context) => {
    readNothing(context)
    return context.json({ version, collectorEndpoint: collectorEndpoint() } satisfies DashboardInfo)
  })
  return routes
}
