import type { StoreReader } from '@mcpcat/store'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { RequestError } from './errors.js'
import { readPageQuery, readProjectQuery, readSessionListQuery } from './parameters.js'
import { defined, filterOf } from './period.js'
import { resolveProject } from './projects.js'

/** `/sessions`, `/sessions/:id`, `/sessions/:id/events`. */
export function sessionRoutes(reader: StoreReader): Hono {
  const routes = new Hono()

  routes.get('/', async (context) => {
    const query = readSessionListQuery(context)
    const { limit, cursor, sort } = query
    const filter = await filterOf(reader, query)
    return context.json(await reader.listSessions(filter, { limit, sort, ...defined({ cursor }) }))
  })

  routes.get('/:id', async (context) => {
    const { project } = readProjectQuery(context)
    const session = await findSession(reader, project, context.req.param('id'))
    if ('supersededBy' in session) return redirectTo(context, session.supersededBy)
    return context.json(session)
  })

  routes.get('/:id/events', async (context) => {
    const { project, limit, cursor } = readPageQuery(context)
    const session = await findSession(reader, project, context.req.param('id'))
    if ('supersededBy' in session) return redirectTo(context, session.supersededBy, '/events')
    return context.json(await reader.listSessionEvents(session.project, session.id, { limit, ...defined({ cursor }) }))
  })

  return routes
}

async function findSession(
  reader: StoreReader,
  project: string | undefined,
  id: string,
): Promise<NonNullable<Awaited<ReturnType<StoreReader['getSession']>>>> {
  const inProject = await resolveProject(reader, project)
  const session = await reader.getSession(inProject, id)
  if (!session)
    throw new RequestError({ code: 'not_found', message: `Project \`${inProject}\` has no session \`${id}\`.` })
  return session
}

/** Temporary, because what superseded the session can itself be superseded. */
function redirectTo(context: Context, id: string, below = ''): Response {
  const { search } = new URL(context.req.url)
  return context.redirect(`/api/v1/sessions/${encodeURIComponent(id)}${below}${search}`, 307)
}
