import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import type { EventDetail, Page, Session, SessionEvent } from '@mcpcat/store'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { eventually, getJson, startCollector, type RunningCollector } from '../end-to-end/collector.js'
import { freePort } from '../harness/free-port.js'
import { normal } from './every-field.js'
import { Cleanup, exported, output } from './processes.js'

const script = (name: string): string => join(import.meta.dirname, '..', '..', 'interop', 'python', name)

/** The official Python SDK and its exporters, over HTTP and gRPC: what we pass on is what their own encoder says. */
export async function pythonExporters(python: string): Promise<string> {
  const cleanup = new Cleanup()
  try {
    const file = join(await cleanup.folder(), 'ours.jsonl')
    const grpc = await freePort()
    const ours = await startCollector(
      `receivers.otlp.protocols.grpc.endpoint=127.0.0.1:${grpc}`,
      `exporters.file.path=${file}`,
      'service.pipelines.traces={ receivers: [otlp], processors: [], exporters: [file] }',
    )
    cleanup.add(() => ours.stop())
    const sent: unknown = JSON.parse(await output(python, [script('emit.py'), ours.otlp, `127.0.0.1:${grpc}`], {}))
    const lines = await eventually(
      () => exported(file),
      ({ length }) => length >= 2,
    )
    for (const line of lines) deepEqual(normal(line), normal(sent), 'a field changed on the way')
    return 'every field of the span, over HTTP and gRPC'
  } finally {
    await cleanup.run()
  }
}

/** A server and a client of the official Python SDK: the spans that it makes by itself become a session. */
export async function pythonMcpServer(python: string): Promise<string> {
  const ours = await startCollector()
  try {
    await output(python, [script('mcp_client.py'), script('mcp_server.py')], {
      OTEL_EXPORTER_OTLP_ENDPOINT: ours.otlp,
      OTEL_SERVICE_NAME: 'weather',
    })
    const { session, story } = await conversation(ours, '', 2)
    deepEqual(
      story.filter(({ method }) => method === 'tools/call').map(({ target, isError }) => [target, isError]),
      [
        ['forecast', false],
        ['forecast', true],
      ],
    )
    ok(story.some(({ method }) => method === 'tools/list'))
    return `${story.map(({ method }) => method).join(', ')} in one session (${session.reason})`
  } finally {
    await ours.stop()
  }
}

/** What a published SDK for Python tells of a conversation. */
interface TrackedSdk {
  readonly name: 'mcpcat' | 'agentcat'
  /** The requests before the calls of which it sends events. */
  readonly listed: readonly string[]
}

export const trackedSdks: readonly TrackedSdk[] = [
  { name: 'mcpcat', listed: ['tools/list'] },
  // Since its version 2, one event for each call, and the agent itself carries the session on.
  { name: 'agentcat', listed: [] },
]

/** A Python server with an unmodified SDK of the events API, and a real client: a complete session. */
export async function pythonTracked(python: string, sdk: TrackedSdk): Promise<string> {
  const port = await freePort()
  const ours = await startCollector(
    `receivers.mcpcat_events.endpoint=127.0.0.1:${port}`,
    'service.pipelines.traces.receivers=[otlp, mcpcat_events]',
  )
  const cleanup = new Cleanup()
  cleanup.add(() => ours.stop())
  try {
    const client = await talk(python, sdk.name, `http://127.0.0.1:${port}`, await cleanup.folder())
    cleanup.add(() => client.close())
    const { session, story } = await conversation(ours, '?client=interop-client', 2)
    equal(session.user?.id, 'ada')
    equal(session.server?.name, 'weather')
    equal(session.firstIntent, 'planning a walk')
    const requests = story.filter(({ method }) => !method.includes(':'))
    deepEqual(
      requests.map(({ method, target, intent, isError }) => [method, target, intent, isError]),
      [
        ...sdk.listed.map((method) => [method, null, null, false]),
        ['tools/call', 'forecast', 'planning a walk', false],
        ['tools/call', 'forecast', 'planning a dive', true],
      ],
    )
    const [walk, dive] = requests.slice(-2)
    equal((JSON.parse(walk!.request!) as { city: string }).city, 'Oslo')
    ok(walk!.response!.includes('sunny in Oslo'))
    ok(dive!.errorMessage?.includes('no such city'), 'the error has no message')
    return `${requests.length} requests with user, client, server, intents, content and error in order`
  } finally {
    await cleanup.run()
  }
}

/** Two calls, as an agent makes them that fills in what the tools ask for. */
async function talk(python: string, sdk: string, api: string, home: string): Promise<Client> {
  const client = new Client({ name: 'interop-client', version: '9.9.9' })
  await client.connect(
    new StdioClientTransport({
      command: python,
      args: [script('tracked_server.py'), sdk],
      // The SDKs keep a log in the home folder.
      env: { PATH: process.env['PATH'] ?? '', HOME: home, MCPCAT_API_URL: api, AGENTCAT_API_URL: api },
      stderr: 'ignore',
    }),
  )
  const { tools } = await client.listTools()
  const asked = tools.find(({ name }) => name === 'forecast')?.inputSchema.properties ?? {}
  let session = 'start'
  for (const [city, context] of [
    ['Oslo', 'planning a walk'],
    ['Atlantis', 'planning a dive'],
  ]) {
    const handle = 'session_id' in asked ? { session_id: session } : {}
    const result = await client.callTool({ name: 'forecast', arguments: { city, context, ...handle } })
    session = /ses_\w{27}/.exec(JSON.stringify(result))?.[0] ?? session
  }
  return client
}

/** The one session there is once it has so many calls, and its events in order. */
async function conversation(
  { dashboard }: RunningCollector,
  query: string,
  calls: number,
): Promise<{ session: Session; story: EventDetail[] }> {
  const api = `${dashboard}/api/v1`
  const { items } = await eventually(
    () => getJson<Page<Session>>(`${api}/sessions${query}`),
    (page) => page.items.reduce((sum, { toolCalls }) => sum + toolCalls, 0) >= calls,
    60_000,
  )
  // What nothing connects to the conversation, as a notification without a trace, stands by itself.
  const [session, ...others] = items.filter(({ toolCalls }) => toolCalls > 0)
  if (!session || others.length > 0) throw new Error('the conversation is not one session')
  const events = await eventually(
    () => getJson<Page<SessionEvent>>(`${api}/sessions/${session.id}/events?limit=200`),
    (page) => page.items.length >= session.eventCount,
  )
  const story = await Promise.all(events.items.map(({ id }) => getJson<EventDetail>(`${api}/events/${id}`)))
  return { session, story }
}
