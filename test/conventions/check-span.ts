/**
 * The MCP semantic conventions as checks on one finished span. Written from the table of the
 * conventions (OpenTelemetry GenAI conventions, `docs/gen-ai/mcp.md`), with literal names: nothing
 * here comes from the code that it checks.
 */

/** What is read of a span: an SDK's `ReadableSpan` fits, as does a span decoded from OTLP. */
export interface CheckedSpan {
  readonly name: string
  /** Of the OTel API: INTERNAL 0, SERVER 1, CLIENT 2. */
  readonly kind: number
  readonly attributes: Readonly<Record<string, unknown>>
  /** UNSET 0, OK 1, ERROR 2. */
  readonly status: { readonly code: number; readonly message?: string | undefined }
  readonly events?: readonly {
    readonly name: string
    readonly attributes?: Readonly<Record<string, unknown>> | undefined
  }[]
}

const SERVER = 1
const CLIENT = 2
const UNSET = 0
const ERROR = 2

type Check = (span: CheckedSpan) => readonly string[]

/** What the span breaks, one sentence each; empty for a span that keeps the conventions. */
export function checkSpan(span: CheckedSpan): string[] {
  return CHECKS.flatMap((check) => check(span))
}

const CALLERS_FAULT = ['-32700', '-32600', '-32601', '-32602', '-32002']

const CONTENT = ['gen_ai.tool.call.arguments', 'gen_ai.tool.call.result', 'mcpcat.request', 'mcpcat.response']

/** Attributes that the conventions type as strings. */
const STRINGS = [
  'mcp.method.name',
  'error.type',
  'gen_ai.tool.name',
  'gen_ai.prompt.name',
  'gen_ai.operation.name',
  'jsonrpc.request.id',
  'jsonrpc.protocol.version',
  'mcp.resource.uri',
  'rpc.response.status_code',
  'mcp.protocol.version',
  'mcp.session.id',
  'network.transport',
  'network.protocol.name',
  'network.protocol.version',
  'client.address',
  'server.address',
  'session.id',
  'user.id',
]

const CHECKS: readonly Check[] = [
  function kindAndName({ name, kind, attributes }) {
    const method = attributes['mcp.method.name']
    if (typeof method !== 'string' || method === '') return ['mcp.method.name is required']
    const target =
      method === 'tools/call'
        ? attributes['gen_ai.tool.name']
        : method === 'prompts/get'
          ? attributes['gen_ai.prompt.name']
          : undefined
    const expected = typeof target === 'string' && target !== '' ? `${method} ${target}` : method
    return [
      ...when(kind !== SERVER && kind !== CLIENT, `the kind must be SERVER or CLIENT, not ${kind}`),
      ...when(name !== expected, `the name must be "${expected}", not "${name}"`),
    ]
  },

  function types({ attributes }) {
    const broken = STRINGS.filter((key) => key in attributes && typeof attributes[key] !== 'string')
    const ports = ['client.port', 'server.port'].filter(
      (key) => key in attributes && !Number.isInteger(attributes[key]),
    )
    return [
      ...broken.map((key) => `${key} must be a string, not ${typeof attributes[key]}`),
      ...ports.map((key) => `${key} must be an integer`),
    ]
  },

  function target({ attributes }) {
    const method = String(attributes['mcp.method.name'])
    const isToolCall = method === 'tools/call'
    const operation = attributes['gen_ai.operation.name']
    return [
      ...when(isToolCall && operation !== 'execute_tool', 'gen_ai.operation.name of a tool call must be execute_tool'),
      ...when(!isToolCall && operation !== undefined, `gen_ai.operation.name belongs to tool calls, not to ${method}`),
      ...when(!isToolCall && 'gen_ai.tool.name' in attributes, `gen_ai.tool.name does not belong to ${method}`),
      ...when(
        method !== 'prompts/get' && 'gen_ai.prompt.name' in attributes,
        `gen_ai.prompt.name does not belong to ${method}`,
      ),
      ...when(
        'mcp.resource.uri' in attributes && !method.includes('resources/'),
        `mcp.resource.uri does not belong to ${method}`,
      ),
    ]
  },

  function requestId({ attributes }) {
    const method = String(attributes['mcp.method.name'])
    const has = 'jsonrpc.request.id' in attributes
    return method.startsWith('notifications/')
      ? when(has, 'jsonrpc.request.id must not be on a notification')
      : when(!has, `jsonrpc.request.id is required on the request ${method}`)
  },

  function versions({ attributes }) {
    const protocol = attributes['mcp.protocol.version']
    return [
      ...when(
        attributes['jsonrpc.protocol.version'] === '2.0',
        'jsonrpc.protocol.version is only for versions but 2.0',
      ),
      ...when(
        protocol !== undefined && !/^\d{4}-\d{2}-\d{2}$|^draft/i.test(text(protocol)),
        `mcp.protocol.version must be a revision, not ${text(protocol)}`,
      ),
    ]
  },

  function transport({ attributes }) {
    const network = attributes['network.transport']
    const protocol = attributes['network.protocol.name']
    return [
      ...when(
        network !== undefined && network !== 'pipe' && network !== 'tcp',
        'network.transport must be pipe or tcp',
      ),
      ...when(
        protocol !== undefined && protocol !== 'http' && protocol !== 'websocket',
        'network.protocol.name must be http or websocket',
      ),
      ...when(protocol !== undefined && network !== 'tcp', 'HTTP and WebSocket run over network.transport tcp'),
      ...when(network === 'pipe' && 'mcp.session.id' in attributes, 'stdio has no mcp.session.id'),
    ]
  },

  function addresses({ kind, attributes }) {
    return [
      ...when(kind === CLIENT && 'client.address' in attributes, 'client.address belongs to server spans'),
      ...when(kind === SERVER && 'server.address' in attributes, 'server.address belongs to client spans'),
      ...when('client.port' in attributes && !('client.address' in attributes), 'client.port needs client.address'),
      ...when('server.port' in attributes && !('server.address' in attributes), 'server.port needs server.address'),
    ]
  },

  function errors({ kind, attributes, status }) {
    const type = attributes['error.type']
    const code = attributes['rpc.response.status_code']
    const excused = kind === SERVER && typeof code === 'string' && CALLERS_FAULT.includes(code)
    const failed = type !== undefined
    return [
      ...when(code !== undefined && !/^-?\d+$/.test(text(code)), 'rpc.response.status_code must be a JSON-RPC code'),
      ...when(excused && failed, `${text(code)} is the caller's fault: no error.type on a server span`),
      ...when(excused && status.code !== UNSET, `${text(code)} is the caller's fault: the status stays UNSET`),
      ...when(code !== undefined && !excused && !failed, `the JSON-RPC error ${text(code)} needs error.type`),
      ...when(
        code !== undefined && failed && type !== code,
        `error.type must be the code ${text(code)}, not ${text(type)}`,
      ),
      ...when(
        type === 'tool_error' && attributes['mcp.method.name'] !== 'tools/call',
        'tool_error belongs to tool calls',
      ),
      ...when(failed && status.code !== ERROR, 'error.type needs the status ERROR'),
      ...when(!failed && status.code !== UNSET, 'without an error the status stays UNSET'),
      ...when(status.code !== ERROR && Boolean(status.message), 'only the status ERROR has a description'),
    ]
  },

  function session({ attributes }) {
    const source = attributes['mcpcat.session.source']
    const sources = ['protocol', 'handle', 'connection', 'identity', 'inferred', 'isolated']
    return [
      ...when(source !== undefined && !sources.includes(text(source)), `unknown session source ${text(source)}`),
      ...when(
        source === 'connection' && attributes['session.id'] !== attributes['mcpcat.connection.id'],
        'a session that is a connection has its id',
      ),
    ]
  },

  function tags({ attributes }) {
    const keys = Object.keys(attributes).filter((key) => key.startsWith('mcpcat.tag.'))
    return [
      ...when(keys.length > 50, 'at most 50 tags'),
      ...keys
        .filter((key) => !/^[A-Za-z0-9$_.:\- ]{1,32}$/.test(key.slice('mcpcat.tag.'.length)))
        .map((key) => `the key of ${key} breaks the rules`),
      ...keys
        .filter((key) => !/^[^\r\n]{0,200}$/.test(String(attributes[key])))
        .map((key) => `the value of ${key} breaks the rules`),
    ]
  },

  function exceptions({ events }) {
    return (events ?? [])
      .filter(({ name }) => name === 'exception')
      .filter(({ attributes }) => !attributes?.['exception.type'] && !attributes?.['exception.message'])
      .map(() => 'an exception event needs exception.type or exception.message')
  },
]

/** Content is opt-in: what a lean span must not carry. */
export function checkLean(span: CheckedSpan): string[] {
  return Object.keys(span.attributes)
    .filter((key) => CONTENT.includes(key) || key.startsWith('gen_ai.prompt.variable.'))
    .map((key) => `${key} is opt-in`)
}

function when(broken: boolean, violation: string): string[] {
  return broken ? [violation] : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
