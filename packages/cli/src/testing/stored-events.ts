import { expect } from 'vitest'
import { mcpcat } from './collector-process.js'
import { eventIdOf } from './mcp-spans.js'

/** What the store of a folder holds, every row of it after deduplication, by its own SQL. */
export async function storedEventIds(folder: string): Promise<string[]> {
  const { code, output } = await mcpcat(folder, 'sql', 'SELECT event_id FROM events FINAL', '--format', 'TSV')
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' })
  return output.split('\n').filter(Boolean)
}

/** The same by the query API: every event of every session, by pages. */
export async function servedEventIds(dashboard: string): Promise<string[]> {
  return (await servedEvents(dashboard)).map(([id]) => id)
}

/** The session of every event, by the query API. */
export async function servedSessions(dashboard: string): Promise<Map<string, string>> {
  return new Map(await servedEvents(dashboard))
}

async function servedEvents(dashboard: string): Promise<[event: string, session: string][]> {
  const events: [string, string][] = []
  const all = { from: '2026-01-01T00:00:00Z' }
  for await (const session of pages<{ id: string; eventCount: number }>(`${dashboard}/api/v1/sessions`, all)) {
    const before = events.length
    for await (const event of pages<{ id: string }>(`${dashboard}/api/v1/sessions/${session.id}/events`))
      events.push([event.id, session.id])
    expect(events.length - before).toBe(session.eventCount)
  }
  return events
}

/** Every one of them is there, once, and nothing else is. */
export function expectExactly(ids: readonly string[], numbers: ReadonlySet<number>): void {
  expect(ids.length).toBe(new Set(ids).size)
  const wanted = new Set([...numbers].map(eventIdOf))
  const there = new Set(ids)
  const lost = [...wanted].filter((id) => !there.has(id))
  const unknown = ids.filter((id) => !wanted.has(id))
  expect({ lost: lost.length, unknown: unknown.length, first: [...lost, ...unknown].slice(0, 5) }).toEqual({
    lost: 0,
    unknown: 0,
    first: [],
  })
}

async function* pages<Item>(url: string, query: Record<string, string> = {}): AsyncGenerator<Item> {
  for (let cursor: string | null = ''; cursor !== null;) {
    const search = new URLSearchParams({ ...query, limit: '200', ...(cursor === '' ? {} : { cursor }) })
    const response: Response = await fetch(`${url}?${search.toString()}`)
    expect(response.status).toBe(200)
    const page = (await response.json()) as { items: Item[]; nextCursor: string | null }
    yield* page.items
    cursor = page.nextCursor
  }
}
