import type { Store } from '../store.js'
import type { TestSpan } from './spans.js'
import { eventIdOf, T0, traces } from './spans.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Numbers of the fixture's spans, apart from those of other tests. */
const FIRST = 900_000
export const idOf = (number: number): string => eventIdOf(FIRST + number)

export const LISTED = {
  search: { name: 'search', description: 'Searches', inputSchema: { type: 'object' } },
  renewed: { name: 'search', description: 'Searches everything', inputSchema: { type: 'object' } },
  unused: { name: 'unused', inputSchema: { type: 'object' } },
}

/**
 * Three sessions between 12:00 and 14:00, and one of the day before. Small enough to count by hand:
 *
 * | session | client, user | at | what |
 * | --- | --- | --- | --- |
 * | a | cursor, ada | 12:00 | 1 `search` 100 ms, of which the client tells as well (10) |
 * | | | 12:01 | 2 `fetch` 300 ms, fails |
 * | | | 12:02 | 3 `search` 200 ms |
 * | | | 12:02:10 | 9 `search` 20 ms, of which only the client tells |
 * | b | claude, nobody | 12:10 | 4 `search` 50 ms |
 * | | | 12:11 | 5 `resources/read`, fails |
 * | | | 12:12 | 6 `get_more_tools` 10 ms: a tool is missing |
 * | c | cursor, bob | 13:30 | 7 `fetch` 400 ms, fails as 2 |
 * | | | 13:31 | 8 `tools/list` |
 * | p | cursor, ada | the day before, 13:00 | 11 `search` 1000 ms |
 */
export async function writeReadsFixture(store: Store, project: string): Promise<void> {
  const a = { 'mcp.session.id': 'a', 'mcp.client.name': 'cursor', 'user.id': 'ada', 'user.name': 'Ada' }
  const b = { 'mcp.session.id': 'b', 'mcp.client.name': 'claude' }
  const c = { 'mcp.session.id': 'c', 'mcp.client.name': 'cursor', 'user.id': 'bob' }
  const p = { 'mcp.session.id': 'p', 'mcp.client.name': 'cursor', 'user.id': 'ada' }
  const failure = {
    'gen_ai.tool.name': 'fetch',
    'error.type': 'TypeError',
    'mcpcat.error.fingerprint': 'v1:aa',
    'mcpcat.error.template': 'boom <int>',
  }
  const spans: TestSpan[] = [
    {
      n: 1,
      parent: FIRST + 10,
      startMs: T0,
      durationMs: 100,
      attributes: {
        ...a,
        'gen_ai.tool.name': 'search',
        'mcpcat.intent': 'Find invoice 17 of May',
        'mcpcat.tag.env': 'x',
      },
    },
    {
      n: 10,
      client: true,
      traceId: idOf(1).slice(0, 32),
      startMs: T0,
      durationMs: 110,
      attributes: { ...a, 'gen_ai.tool.name': 'search' },
    },
    { n: 2, startMs: T0 + MINUTE, durationMs: 300, error: 'boom 1', attributes: { ...a, ...failure } },
    {
      n: 3,
      startMs: T0 + 2 * MINUTE,
      durationMs: 200,
      attributes: { ...a, 'gen_ai.tool.name': 'search', 'mcpcat.intent': 'Find invoice 18 of May' },
    },
    {
      n: 9,
      client: true,
      startMs: T0 + 2 * MINUTE + 10_000,
      durationMs: 20,
      attributes: { ...a, 'gen_ai.tool.name': 'search' },
    },
    { n: 4, startMs: T0 + 10 * MINUTE, durationMs: 50, attributes: { ...b, 'gen_ai.tool.name': 'search' } },
    {
      n: 5,
      startMs: T0 + 11 * MINUTE,
      durationMs: 5,
      error: 'no such resource',
      attributes: {
        ...b,
        'mcp.method.name': 'resources/read',
        'gen_ai.tool.name': '',
        'mcp.resource.uri': 'file:///x',
        'error.type': 'not_found',
      },
    },
    {
      n: 6,
      startMs: T0 + 12 * MINUTE,
      durationMs: 10,
      attributes: {
        ...b,
        'gen_ai.tool.name': 'get_more_tools',
        'mcpcat.missing_tool': 'true',
        'gen_ai.tool.call.arguments': '{"context":"send an e-mail"}',
      },
    },
    { n: 7, startMs: T0 + 90 * MINUTE, durationMs: 400, error: 'boom 2', attributes: { ...c, ...failure } },
    {
      n: 8,
      startMs: T0 + 91 * MINUTE,
      attributes: {
        ...c,
        'mcp.method.name': 'tools/list',
        'gen_ai.tool.name': '',
        'mcpcat.response': JSON.stringify({ tools: [LISTED.search, LISTED.unused] }),
      },
    },
    {
      n: 11,
      startMs: T0 - 23 * HOUR,
      durationMs: 1000,
      attributes: { ...p, 'gen_ai.tool.name': 'search', 'mcpcat.intent': 'An old question' },
    },
  ].map((span) => ({ ...span, n: FIRST + span.n }))
  const batch = traces(spans, { 'mcpcat.project.id': project })
  await store.write(batch)
  // Redelivered in other company: each counts once.
  await store.write(traces(spans.slice(2, 9), { 'mcpcat.project.id': project }))
}
