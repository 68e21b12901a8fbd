import { join } from 'node:path'
import type { EventDetail, Page, Session, SessionEvent } from '@mcpcat/store'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, getJson, startCollector, type RunningCollector } from '../end-to-end/collector.js'
import { freePort } from '../harness/free-port.js'

let collector: RunningCollector
let events: string

beforeAll(async () => {
  const port = await freePort()
  events = `http://127.0.0.1:${port}`
  collector = await startCollector(
    `receivers.mcpcat_events.endpoint=127.0.0.1:${port}`,
    'service.pipelines.traces.receivers=[otlp, mcpcat_events]',
  )
})
afterAll(() => collector.stop())

/** What one client does; the SDK in the server tells of it in its own time. */
async function converse(sdk: string): Promise<Client> {
  const client = new Client({ name: `client-of-${sdk}`, version: '9.9.9' })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(import.meta.dirname, 'servers', 'weather.mjs'), sdk],
      // The SDKs keep a log in the home folder.
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: collector.folder,
        MCPCAT_API_URL: events,
        AGENTCAT_API_URL: events,
      },
    }),
  )
  await client.listTools()
  for (const [city, context] of [
    ['Oslo', 'planning a walk'],
    ['Atlantis', 'planning a dive'],
    ['Rome', 'planning a meal'],
  ])
    await client.callTool({ name: 'forecast', arguments: { city, context } })
  await client.callTool({ name: 'get_more_tools', arguments: { context: 'a tool that books tables' } })
  return client
}

describe.each(['mcpcat', 'agentcat'])('a server with the unmodified %s SDK, pointed at the collector:', (sdk) => {
  let session: Session
  let story: EventDetail[]

  beforeAll(async () => {
    const api = `${collector.dashboard}/api/v1`
    const client = await converse(sdk)
    try {
      const { items } = await eventually(
        () => getJson<Page<Session>>(`${api}/sessions?client=client-of-${sdk}`),
        (page) => page.items.some(({ toolCalls }) => toolCalls === 4),
        40_000,
      )
      expect(items).toHaveLength(1)
      session = items[0]!
      const told = await eventually(
        () => getJson<Page<SessionEvent>>(`${api}/sessions/${session.id}/events?limit=200`),
        (page) => page.items.length >= 7,
      )
      story = await Promise.all(told.items.map(({ id }) => getJson<EventDetail>(`${api}/events/${id}`)))
    } finally {
      await client.close()
    }
  })

  it('its conversation is one complete session', () => {
    expect(session).toMatchObject({
      project: 'proj_weather',
      user: { id: 'ada', name: 'Ada', traits: { plan: 'pro' } },
      client: { name: `client-of-${sdk}`, version: '9.9.9' },
      server: { name: 'weather', version: '1.2.3' },
      toolCalls: 4,
      errors: 1,
      missingTools: 1,
      tools: ['forecast', 'get_more_tools'],
      firstIntent: 'planning a walk',
    })
  })

  it('with every request in order, and why it was made', () => {
    const requests = story.filter(({ method }) => !method.startsWith('mcpcat:'))
    expect(requests.map(({ method, target, intent, isError }) => [method, target, intent, isError])).toEqual([
      ['initialize', null, null, false],
      ['tools/list', null, null, false],
      ['tools/call', 'forecast', 'planning a walk', false],
      ['tools/call', 'forecast', 'planning a dive', true],
      ['tools/call', 'forecast', 'planning a meal', false],
      ['tools/call', 'get_more_tools', 'a tool that books tables', false],
    ])
    expect(story.filter(({ method }) => method === 'mcpcat:identify')).toHaveLength(1)
  })

  it('with what was asked, answered and thrown, and how long it took', () => {
    const [walk, dive] = story.filter(({ target }) => target === 'forecast')
    expect(JSON.parse(walk!.request!)).toEqual({ city: 'Oslo' })
    expect(JSON.parse(walk!.response!)).toMatchObject({ content: [{ text: 'sunny in Oslo' }] })
    // The tool waits for 50 ms; timers may fire a millisecond early.
    expect(walk!.durationMs).toBeGreaterThanOrEqual(49)
    expect(dive).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such city: Atlantis' })
    expect(dive!.error!.stack).toContain('weather.mjs')
  })
})
