import type { StoreReader } from '@mcpcat/store'
import { Hono } from 'hono'
import { RequestError } from './errors.js'
import { readProjectQuery } from './parameters.js'
import { resolveProject } from './projects.js'

/** `/events/:id`. */
export function eventRoutes(reader: StoreReader): Hono {
  const routes = new Hono()
  routes.get('/:id', async (context) => {
    const { project } = readProjectQuery(context)
    const inProject = await resolveProject(reader, project)
    const id = context.req.param('id')
    const event = await reader.getEvent(inProject, id)
    if (!event)
      throw new RequestError({ code: 'not_found', message: `Project \`${inProject}\` has no event \`${id}\`.` })
    return context.json(event)
  })
  return routes
}
