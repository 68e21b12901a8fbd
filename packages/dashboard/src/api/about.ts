import { Hono } from 'hono'
import type { DashboardInfo, Status } from './answers.js'
import { readNothing } from './parameters.js'

/** `/status` and `/config`. */
export function aboutRoutes(config: DashboardInfo): Hono {
  const startedAt = new Date().toISOString()
  const routes = new Hono()
  routes.get('/status', (context) => {
    readNothing(context)
    return context.json({
      status: 'ok',
      version: config.version,
      time: new Date().toISOString(),
      startedAt,
    } satisfies Status)
  })
  routes.get('/config', (context) => {
    readNothing(context)
    return context.json(config)
  })
  return routes
}
