import type { StoreReader } from '@mcpcat/store'
import { Hono } from 'hono'
import type { Projects } from './answers.js'
import { readNothing } from './parameters.js'

/** `/projects`. */
export function projectRoutes(reader: StoreReader): Hono {
  const routes = new Hono()
  routes.get('/', async (context) => {
    readNothing(context)
    return context.json({ items: await reader.projects() } satisfies Projects)
  })
  return routes
}

/** The project that a request means: the one it names, else the store's first. */
export async function resolveProject(reader: StoreReader, named: string | undefined): Promise<string> {
  if (named !== undefined) return named
  return (await reader.projects())[0] ?? 'default'
}
