import type { StoreReader } from '@mcpcat/store'
import { Hono } from 'hono'
import { RequestError } from './errors.js'
import { readProjectQuery } from './parameters.js'
import { filterOf, readPeriod, readPeriodList } from './period.js'
import { resolveProject } from './projects.js'

/** `/tools`, `/tools/:name`, `/tools/:name/versions`, `/tools/:name/neighbors`. */
export function toolRoutes(reader: StoreReader): Hono {
  const routes = new Hono()

  routes.get('/', async (context) => {
    const query = readPeriodList(context)
    return context.json({ items: await reader.listTools(await filterOf(reader, query), query.limit) })
  })

  routes.get('/:name', async (context) => {
    const name = context.req.param('name')
    const filter = await filterOf(reader, readPeriod(context))
    const tool = await reader.getTool({ ...filter, tool: name })
    if (!tool)
      throw new RequestError({
        code: 'not_found',
        message: `Project \`${filter.project}\` has no tool \`${name}\` that was called in the period, or that a server listed.`,
      })
    return context.json(tool)
  })

  routes.get('/:name/versions', async (context) => {
    const project = await resolveProject(reader, readProjectQuery(context).project)
    return context.json({ items: await reader.toolVersions(project, context.req.param('name')) })
  })

  routes.get('/:name/neighbors', async (context) => {
    const query = readPeriodList(context)
    const filter = { ...(await filterOf(reader, query)), tool: context.req.param('name') }
    return context.json({ items: await reader.toolNeighbors(filter, query.limit) })
  })

  return routes
}
