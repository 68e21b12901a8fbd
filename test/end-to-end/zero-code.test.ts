import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { EventDetail, Page, Session, SessionEvent } from '@mcpcat/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, getJson, startCollector, type RunningCollector } from './collector.js'
import { RecordingTransport } from './recording-transport.js'

const require = createRequire(import.meta.url)
const preload = ['--require', require.resolve('@mcpcat/register')]
const everything = join(
  dirname(require.resolve('@modelcontextprotocol/server-everything/package.json')),
  'dist',
  'index.js',
)
const inventory = join(import.meta.dirname, '..', '..', 'test', 'end-to-end', 'servers', 'inventory-v2.mjs')

interface Call {
  tool: string
  arguments: Record<string, unknown>
  intent: string
}

interface Subject {
  title: string
  script: string[]
  server: { name: string }
  calls: Call[]
  failing: string[]
}

const subjects: Subject[] = [
  {
    title: 'a third-party server (SDK v1)',
    script: [everything, 'stdio'],
    server: { name: 'mcp-servers/everything' },
    calls: [
      { tool: 'echo', arguments: { message: 'hello' }, intent: 'Checking that the server answers' },
      { tool: 'get-sum', arguments: { a: 2, b: 3 }, intent: 'Adding up the order' },
      { tool: 'get-sum', arguments: { a: 'two', b: 3 }, intent: 'Adding up a bad order' },
    ],
    failing: ['Adding up a bad order'],
  },
  {
    title: 'an SDK v2 server',
    script: [inventory],
    server: { name: 'inventory' },
    calls: [
      { tool: 'check_stock', arguments: { article: 'apple' }, intent: 'Checking the stock of apples' },
      { tool: 'list_arguments', arguments: { article: 'pear', extra: [1, { two: null }] }, intent: 'What arrives?' },
      { tool: 'check_stock', arguments: { article: 'ghost' }, intent: 'Trying an article that does not exist' },
    ],
    failing: ['Trying an article that does not exist'],
  },
]

const client = { name: 'end-to-end', version: '9.8.7' }

describe.each(subjects)('$title started with --require @mcpcat/register', (subject) => {
  let collector: RunningCollector
  let bare: string[]
  let instrumented: string[]
  let session: Session
  let events: SessionEvent[]

  beforeAll(async () => {
    collector = await startCollector()
    bare = await converse(subject, [], {}, false)
    instrumented = await converse(
      subject,
      preload,
      { MCPCAT_ENDPOINT: collector.otlp, OTEL_TRACES_EXPORTER: 'none' },
      true,
    )
    const { items } = await eventually(
      () => getJson<Page<Session>>(`${collector.dashboard}/api/v1/sessions`),
      ({ items: found }) => found[0]?.toolCalls === subject.calls.length,
    )
    session = items[0]!
    const page = await getJson<Page<SessionEvent>>(
      `${collector.dashboard}/api/v1/sessions/${session.id}/events?limit=200`,
    )
    events = page.items
  })
  afterAll(async () => {
    expect(await collector.stop()).toBe(0)
  })

  it('answers byte for byte what it answers without us, but for the injected property', () => {
    expect(instrumented.map(withoutInjection)).toEqual(bare)
  })

  it('advertises the context argument as required', () => {
    const listed = instrumented.map((line) => JSON.parse(line)).find((message) => message.result?.tools)
    const tool = listed.result.tools.find((candidate: { name: string }) => candidate.name === subject.calls[0]!.tool)
    expect(tool.inputSchema.properties.context).toMatchObject({ type: 'string' })
    expect(tool.inputSchema.required).toContain('context')
  })

  it('is one session with its client, server and calls', async () => {
    expect(session).toMatchObject({
      client,
      server: subject.server,
      source: 'connection',
      toolCalls: subject.calls.length,
      errors: subject.failing.length,
      firstIntent: subject.calls[0]!.intent,
    })
    expect(session.tools.toSorted()).toEqual([...new Set(subject.calls.map(({ tool }) => tool))].toSorted())
    expect(await getJson(`${collector.dashboard}/api/v1/sessions/${session.id}`)).toMatchObject({ id: session.id })
  })

  it('has every call in order, with intent, outcome and duration', () => {
    const calls = events.filter(({ method }) => method === 'tools/call')
    expect(calls.map(({ target, intent }) => ({ target, intent }))).toEqual(
      subject.calls.map(({ tool, intent }) => ({ target: tool, intent })),
    )
    expect(calls.filter(({ isError }) => isError).map(({ intent }) => intent)).toEqual(subject.failing)
    for (const { durationMs } of events) expect(durationMs).toBeGreaterThan(0)
    expect(events.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['initialize', 'notifications/initialized', 'tools/list']),
    )
  })

  it('shows the pages where this collector really listens', async () => {
    expect(await getJson(`${collector.dashboard}/api/v1/config`)).toMatchObject({ collectorEndpoint: collector.otlp })
  })

  it('keeps the arguments for replay, without the intent', async () => {
    const event = events.find(({ method }) => method === 'tools/call')!
    const detail = await getJson<EventDetail>(`${collector.dashboard}/api/v1/events/${event.id}`)
    expect(JSON.parse(detail.request!)).toEqual(subject.calls[0]!.arguments)
    expect(detail.response).toContain('content')
  })
})

/** The same scripted conversation with a server; the raw lines it wrote. */
async function converse(
  subject: Subject,
  nodeArguments: string[],
  env: Record<string, string>,
  withIntent: boolean,
): Promise<string[]> {
  const transport = new RecordingTransport([...nodeArguments, ...subject.script], env)
  const agent = new Client(client)
  await agent.connect(transport)
  await agent.listTools()
  for (const { tool, arguments: args, intent } of subject.calls) {
    const call = { name: tool, arguments: withIntent ? { ...args, context: intent } : args }
    await agent.callTool(call).catch((error: unknown) => {
      // An error answer is part of the conversation; it is compared by its bytes.
      if (!(error instanceof Error && 'code' in error)) throw error
    })
  }
  expect(await transport.end()).toBe(0)
  // Notifications may fall between responses at any moment: the answers are what is compared.
  return transport.lines.filter((line) => 'id' in JSON.parse(line))
}

/** Takes the injected property, and our own tool, out of a `tools/list` answer again. */
function withoutInjection(line: string): string {
  const message = JSON.parse(line)
  if (!message.result?.tools) return line
  message.result.tools = message.result.tools.filter((tool: { name: string }) => tool.name !== 'get_more_tools')
  for (const { inputSchema } of message.result.tools) {
    delete inputSchema.properties.context
    inputSchema.required = inputSchema.required.filter((name: string) => name !== 'context')
    if (inputSchema.required.length === 0) delete inputSchema.required
    if (Object.keys(inputSchema.properties).length === 0) inputSchema.properties = {}
  }
  return JSON.stringify(message)
}
