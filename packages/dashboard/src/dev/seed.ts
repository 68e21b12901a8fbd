import { createHash } from 'node:crypto'
import type { KeyValue, Span, Traces } from '@mcpcat/collector'
import type { Scenario, ScenarioName, Step } from './scenarios.js'
import { SCENARIOS } from './scenarios.js'

interface Conversation {
  scenario: ScenarioName
  /** How long ago it began, in minutes. */
  ago: number
  client: { name: string; version: string }
  user?: { id: string; name: string }
  over: 'stdio' | 'http' | 'stateless'
  /** Events after this index came over a second protocol session. */
  reconnectAt?: number
}

const CLAUDE = { name: 'Claude Desktop', version: '1.9.4' }
const CLAUDE_CODE = { name: 'claude-code', version: '2.4.1' }
const CURSOR = { name: 'Cursor', version: '3.2.0' }
const VSCODE = { name: 'Visual Studio Code', version: '1.112.0' }
const AGENT = { name: 'support-agent', version: '0.18.0' }

const MAYA = { id: 'maya.rivera@acme.example', name: 'Maya Rivera' }
const JONAS = { id: 'jonas.weber@acme.example', name: 'Jonas Weber' }
const AIKO = { id: 'aiko.tanaka@acme.example', name: 'Aiko Tanaka' }
const PRIYA = { id: 'priya.nair@acme.example', name: 'Priya Nair' }
const TOM = { id: 'tom.okafor@acme.example', name: 'Tom Okafor' }

/** Newest first. */
const CONVERSATIONS: readonly Conversation[] = [
  { scenario: 'docs', ago: 2, client: CURSOR, user: AIKO, over: 'http' },
  { scenario: 'refund', ago: 11, client: AGENT, user: PRIYA, over: 'stateless' },
  { scenario: 'flakyCheckout', ago: 52, client: CLAUDE_CODE, user: MAYA, over: 'http', reconnectAt: 9 },
  { scenario: 'outsideRoots', ago: 64, client: CLAUDE, over: 'stdio' },
  { scenario: 'review', ago: 83, client: VSCODE, user: JONAS, over: 'http' },
  { scenario: 'churn', ago: 127, client: CLAUDE, user: TOM, over: 'http' },
  { scenario: 'refactor', ago: 151, client: CLAUDE_CODE, over: 'stdio' },
  { scenario: 'browsing', ago: 166, client: VSCODE, over: 'http' },
  { scenario: 'docs', ago: 203, client: VSCODE, user: JONAS, over: 'http' },
  { scenario: 'refund', ago: 340, client: AGENT, user: PRIYA, over: 'stateless' },
  { scenario: 'review', ago: 412, client: CURSOR, user: MAYA, over: 'http' },
  { scenario: 'churn', ago: 1_490, client: CLAUDE, user: AIKO, over: 'http' },
  { scenario: 'docs', ago: 1_602, client: CLAUDE, over: 'http' },
  { scenario: 'refactor', ago: 1_745, client: CURSOR, over: 'stdio' },
  { scenario: 'review', ago: 2_980, client: VSCODE, user: TOM, over: 'http' },
  { scenario: 'refund', ago: 3_100, client: AGENT, user: AIKO, over: 'stateless' },
  { scenario: 'churn', ago: 4_420, client: CLAUDE, user: MAYA, over: 'http' },
  { scenario: 'outsideRoots', ago: 4_610, client: CLAUDE_CODE, over: 'stdio' },
]

/** Demo data that ends now: the same conversations every time. */
export function seedTraces(now: number, project = 'acme-agents'): Traces[] {
  return CONVERSATIONS.map((conversation, index) => traces(conversation, index, now, project))
}

function traces(conversation: Conversation, index: number, now: number, project: string): Traces {
  const scenario: Scenario = SCENARIOS[conversation.scenario]
  const { server, steps } = scenario
  let at = now - conversation.ago * 60_000
  const all = [...handshake(conversation), ...steps]
  const spans = all.map((step, position) => {
    at += step.after
    const span = spanOf(step, conversation, server, index, position - (all.length - steps.length), at)
    at += step.ms
    return span
  })
  return {
    resourceSpans: [
      {
        resource: {
          attributes: [
            string('service.name', `${server.name}-mcp`),
            string('service.version', server.version),
            string('mcpcat.project.id', project),
            string('telemetry.sdk.language', 'nodejs'),
            string('host.name', 'mcp-7d9f'),
          ],
          droppedAttributesCount: 0,
        },
        scopeSpans: [
          {
            scope: { name: '@mcpcat/instrumentation-mcp', version: '0.1.0', attributes: [], droppedAttributesCount: 0 },
            spans,
            schemaUrl: '',
          },
        ],
        schemaUrl: '',
      },
    ],
  }
}

function handshake({ over, client }: Conversation): Step[] {
  if (over === 'stateless') return []
  return [
    {
      after: 0,
      method: 'initialize',
      ms: 6.2,
      request: { protocolVersion: '2025-11-25', capabilities: { roots: { listChanged: true } }, clientInfo: client },
    },
    { after: 14, method: 'notifications/initialized', ms: 0.3 },
    { after: 32, method: 'tools/list', ms: 4.1, request: {} },
  ]
}

function spanOf(
  step: Step,
  { over, client, user, reconnectAt }: Conversation,
  server: Scenario['server'],
  index: number,
  position: number,
  at: number,
): Span {
  const method = step.method ?? (step.tool ? 'tools/call' : step.prompt ? 'prompts/get' : 'resources/read')
  const reconnected = reconnectAt !== undefined && position >= reconnectAt
  const rawSession = hex(`raw ${index} ${reconnected}`, 32)
  const isTool = step.tool !== undefined
  const { error } = step
  const start = BigInt(Math.round(at * 1000)) * 1000n + BigInt((position + 7) * 137 + 11)
  return {
    traceId: hex(`trace ${index} ${position}`, 32),
    spanId: hex(`span ${index} ${position}`, 16),
    traceState: '',
    parentSpanId: '',
    flags: 1,
    name: step.tool ? `${method} ${step.tool}` : method,
    kind: 2,
    startTimeUnixNano: start,
    endTimeUnixNano: start + BigInt(Math.round(step.ms * 1_000_000)),
    attributes: compact([
      string('mcp.method.name', method),
      method.startsWith('notifications/') ? null : string('jsonrpc.request.id', String(position + 4)),
      isTool ? string('gen_ai.tool.name', step.tool) : null,
      isTool ? string('gen_ai.operation.name', 'execute_tool') : null,
      string('mcp.resource.uri', step.resource),
      string('mcpcat.intent', step.intent),
      string('mcp.client.name', client.name),
      string('mcp.client.version', client.version),
      string('mcp.server.name', server.name),
      string('mcp.server.version', server.version),
      string('mcp.protocol.version', over === 'stateless' ? '2026-07-28' : '2025-11-25'),
      string('network.transport', over === 'stdio' ? 'pipe' : 'tcp'),
      over === 'http' ? string('mcp.session.id', rawSession) : null,
      over === 'stdio' ? string('mcpcat.connection.id', rawSession) : null,
      string('user.id', user?.id),
      string('user.name', user?.name),
      content(isTool ? 'gen_ai.tool.call.arguments' : 'mcpcat.request', step.request ?? defaultRequest(step)),
      content(isTool ? 'gen_ai.tool.call.result' : 'mcpcat.response', step.response),
      string('error.type', error?.type),
      string('rpc.response.status_code', error?.code?.toString()),
      string('mcpcat.tag.region', index % 3 === 0 ? 'eu-central' : undefined),
    ]),
    droppedAttributesCount: 0,
    events: error?.exception
      ? [
          {
            timeUnixNano: start,
            name: 'exception',
            attributes: compact([
              string('exception.type', error.exception),
              string('exception.message', error.message),
              string('exception.stacktrace', error.stack),
            ]),
            droppedAttributesCount: 0,
          },
        ]
      : [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: error ? { code: 2, message: error.message } : { code: 0, message: '' },
  }
}

function defaultRequest({ resource }: Step): unknown {
  return resource === undefined ? undefined : { uri: resource }
}

function string(key: string, value: string): KeyValue
function string(key: string, value: string | undefined): KeyValue | null
function string(key: string, value: string | undefined): KeyValue | null {
  return value === undefined ? null : { key, value: { stringValue: value } }
}

function content(key: string, value: unknown): KeyValue | null {
  return value === undefined ? null : string(key, JSON.stringify(value))
}

function compact(attributes: (KeyValue | null)[]): KeyValue[] {
  return attributes.filter((attribute) => attribute !== null)
}

function hex(seed: string, digits: number): string {
  return createHash('sha256').update(seed).digest('hex').slice(0, digits)
}
