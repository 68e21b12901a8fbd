import type { Dimension, StoreReader } from '@mcpcat/store'
import { DIMENSIONS } from '@mcpcat/store'
import { Hono } from 'hono'
import { z } from 'zod'
import { limitOf, read } from './parameters.js'
import { filterOf, periodShape, readPeriod, readPeriodList } from './period.js'
import type { PeriodQuery } from './period.js'

export const overviewParameters: z.ZodObject = z.strictObject({
  ...periodShape,
  compare: z.literal('prev', 'must be `prev`').optional().describe('Also the period of the same length before.'),
})

export const breakdownParameters: z.ZodObject = z.strictObject({
  ...periodShape,
  by: z.enum(DIMENSIONS, `must be one of ${DIMENSIONS.join(', ')}`).default('client'),
  limit: limitOf(200),
})

/** `/overview`, `/timeseries`, `/breakdown`, `/facets`. */
export function overviewRoutes(reader: StoreReader): Hono {
  const routes = new Hono()

  routes.get('/overview', async (context) => {
    const query = read(context, overviewParameters) as unknown as PeriodQuery & { compare?: 'prev' }
    const filter = await filterOf(reader, query)
    return context.json(await reader.overview(filter, { comparePrevious: query.compare === 'prev' }))
  })

  routes.get('/timeseries', async (context) =>
    context.json(await reader.timeseries(await filterOf(reader, readPeriod(context)))),
  )

  routes.get('/breakdown', async (context) => {
    const query = read(context, breakdownParameters) as unknown as PeriodQuery & { by: Dimension; limit: number }
    return context.json({ items: await reader.breakdown(await filterOf(reader, query), query.by, query.limit) })
  })

  routes.get('/facets', async (context) => {
    const query = readPeriodList(context)
    return context.json(await reader.facets(await filterOf(reader, query), query.limit))
  })

  return routes
}
