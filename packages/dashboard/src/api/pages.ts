import { readFile, readdir } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { UserError } from '@mcpcat/collector'
import { Hono } from 'hono'

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** The built browser app: path below the root → bytes. */
export type Pages = ReadonlyMap<string, Buffer<ArrayBuffer>>

/** @throws UserError when the app was never built */
export async function loadPages(folder: string): Promise<Pages> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const pages = new Map<string, Buffer<ArrayBuffer>>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    pages.set(path.slice(folder.length).split(sep).join('/').replace(/^\/?/, '/'), await readFile(path))
  }
  if (!pages.has('/index.html'))
    throw new UserError(`The dashboard's pages are missing in ${folder}: run \`npm run build\` first.`)
  return pages
}

/** Files by name; any other path is a page of the app, which reads the path itself. */
export function pageRoutes(pages: Pages): Hono {
  const routes = new Hono()
  routes.get('*', (context) => {
    const { path } = context.req
    const file = pages.get(path)
    if (!file && path.startsWith('/assets/')) return context.notFound()
    const name = file ? path : '/index.html'
    return context.body(file ?? pages.get('/index.html') ?? '', 200, {
      'Content-Type': CONTENT_TYPES[extname(name)] ?? 'application/octet-stream',
      // Vite puts a hash of the content into the names below /assets.
      'Cache-Control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    })
  })
  return routes
}
