import type { StoreReader } from '@mcpcat/store'
import { Hono } from 'hono'
import { defined, filterOf, readPeriod, readPeriodList, readPeriodPage } from './period.js'

/** `/intents`, `/intents/facets`, `/intents/signals`. */
export function intentRoutes(reader: StoreReader): Hono {
  const routes = new Hono()
  routes.get('/', async (context) => {
    const query = readPeriodPage(context)
    const { limit, cursor } = query
    return context.json(await reader.listIntents(await filterOf(reader, query), { limit, ...defined({ cursor }) }))
  })
  routes.get('/facets', async (context) =>
    context.json(await reader.intentFacets(await filterOf(reader, readPeriod(context)))),
  )
  routes.get('/signals', async (context) => {
    const query = readPeriodList(context)
    return context.json(await reader.intentSignals(await filterOf(reader, query), query.limit))
  })
  return routes
}
