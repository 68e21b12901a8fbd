import type { StoreReader } from '@mcpcat/store'
import { Hono } from 'hono'
import { RequestError } from './errors.js'
import { defined, filterOf, readPeriod, readPeriodList, readPeriodPage } from './period.js'

/** `/users`, `/users/:id`, `/clients`, `/missing`. */
export function peopleRoutes(reader: StoreReader): Hono {
  const routes = new Hono()

  routes.get('/users', async (context) => {
    const query = readPeriodPage(context)
    const { limit, cursor } = query
    return context.json(await reader.listUsers(await filterOf(reader, query), { limit, ...defined({ cursor }) }))
  })

  routes.get('/users/:id', async (context) => {
    const filter = await filterOf(reader, readPeriod(context))
    const id = context.req.param('id')
    const user = await reader.getUser(filter, id)
    if (!user)
      throw new RequestError({
        code: 'not_found',
        message: `Project \`${filter.project}\` has no session of user \`${id}\` in the period.`,
      })
    return context.json(user)
  })

  routes.get('/clients', async (context) => {
    const query = readPeriodList(context)
    return context.json({ items: await reader.listClients(await filterOf(reader, query), query.limit) })
  })

  routes.get('/missing', async (context) => {
    const query = readPeriodPage(context)
    const { limit, cursor } = query
    return context.json(await reader.listMissingTools(await filterOf(reader, query), { limit, ...defined({ cursor }) }))
  })

  return routes
}
