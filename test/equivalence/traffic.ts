/** One step of a script: messages sent without waiting in between, and the answers that end the step. */
export interface Step {
  readonly what: string
  readonly send: readonly unknown[]
  readonly answers: readonly (string | number)[]
  /** A message that only HTTP answers; other transports pass over it. */
  readonly malformed?: string | number
}

let nextId = 0

function request(what: string, method: string, params?: unknown): Step {
  const id = ++nextId
  return { what, send: [{ jsonrpc: '2.0', id, method, ...(params !== undefined && { params }) }], answers: [id] }
}

function call(what: string, name: unknown, args?: unknown, more: object = {}): Step {
  return request(what, 'tools/call', { name, ...(args !== undefined && { arguments: args }), ...more })
}

function notification(what: string, method: string, params?: unknown): Step {
  const ping = request('then ping', 'ping')
  return {
    what,
    send: [{ jsonrpc: '2.0', method, ...(params !== undefined && { params }) }, ...ping.send],
    answers: ping.answers,
  }
}

function malformed(what: string, method: string, params: unknown): Step {
  const id = ++nextId
  const ping = request('then ping', 'ping')
  return { what, send: [{ jsonrpc: '2.0', id, method, params }, ...ping.send], answers: ping.answers, malformed: id }
}

/**
 * Everything that a client may do right and wrong, in an order that makes every answer certain.
 * With `context` the calls of tools without a `context` of their own carry one, as an agent's do.
 */
export function scriptedTraffic(options: { context?: string; tasks?: boolean; peerRequests?: boolean }): Step[] {
  nextId = 0
  const why = options.context === undefined ? {} : { context: options.context }
  return [
    request('initialize', 'initialize', {
      protocolVersion: '2025-06-18',
      capabilities: { roots: {}, elicitation: {} },
      clientInfo: { name: 'script', version: '1' },
    }),
    notification('initialized', 'notifications/initialized'),
    request('list tools', 'tools/list'),
    request('list tools with a bad cursor', 'tools/list', { cursor: 7 }),
    call('echo', 'echo', { text: 'hi', ...why }),
    call('echo with _meta', 'echo', { text: 'hi', ...why }, { _meta: { progressToken: 1, own: { a: 1 } } }),
    call('echo without its argument', 'echo', { ...why }),
    call('echo with a wrong type', 'echo', { text: 7, ...why }),
    call('echo with more than it knows', 'echo', { text: 'hi', other: 1, ...why }),
    call('no arguments', 'nothing', Object.keys(why).length > 0 ? why : undefined),
    call('strict', 'strict', { a: 1, ...why }),
    call('strict with an unknown key', 'strict', { a: 1, b: 2, ...why }),
    call('owner of context', 'owner', { context: 'mine' }),
    call('owner of context, wrong', 'owner', { context: 7 }),
    call('structured output', 'typed', { n: 4, ...why }),
    call('output that breaks its schema', 'wrong-output', { ...why }),
    call('a tool that throws', 'boom', { ...why }),
    call('a tool that rejects', 'boom-later', { ...why }),
    call('a tool that throws a string', 'boom-string', { ...why }),
    call('an image', 'image', { ...why }),
    call('a large result', 'large', { ...why }),
    call('an unknown tool', 'no-such-tool', {}),
    call('a tool named like a method of objects', 'constructor', {}),
    call('a tool named __proto__', '__proto__', {}),
    call('a name that is a number', 7, {}),
    call('no name', undefined, {}),
    call('arguments that are a string', 'echo', 'text'),
    call('arguments that are null', 'echo', null),
    call('arguments that are a list', 'echo', [1]),
    request('a tool call without params', 'tools/call'),
    malformed('params that are null', 'tools/call', null),
    malformed('params that are a list', 'tools/call', [1]),
    malformed('_meta that is null', 'tools/call', { name: 'nothing', _meta: null }),
    malformed('_meta that is text', 'tools/call', { name: 'nothing', _meta: 'x' }),
    request('a broken traceparent', 'tools/call', { name: 'nothing', _meta: { traceparent: 'zz', tracestate: 7 } }),
    request('an unknown method', 'custom/method', { a: 1 }),
    request('a method named constructor', 'constructor'),
    { what: 'a string id', send: [{ jsonrpc: '2.0', id: 'text', method: 'ping' }], answers: ['text'] },
    notification('an unknown notification', 'notifications/custom', { a: 1 }),
    notification('a cancellation of nothing', 'notifications/cancelled', { requestId: 4711 }),
    notification('a cancellation without params', 'notifications/cancelled'),
    notification('progress of nothing', 'notifications/progress', { progressToken: 4711, progress: 1 }),
    request('list resources', 'resources/list'),
    request('list templates', 'resources/templates/list'),
    request('read', 'resources/read', { uri: 'file:///notes' }),
    request('read what is not there', 'resources/read', { uri: 'file:///nowhere' }),
    request('read what breaks', 'resources/read', { uri: 'file:///broken' }),
    request('read without a uri', 'resources/read', {}),
    request('subscribe without the capability', 'resources/subscribe', { uri: 'file:///notes' }),
    request('list prompts', 'prompts/list'),
    request('prompt', 'prompts/get', { name: 'greet', arguments: { name: 'you' } }),
    request('prompt without its argument', 'prompts/get', { name: 'greet' }),
    request('prompt that is not there', 'prompts/get', { name: 'nobody' }),
    request('complete', 'completion/complete', {
      ref: { type: 'ref/prompt', name: 'greet' },
      argument: { name: 'name', value: 'x' },
    }),
    request('log level', 'logging/setLevel', { level: 'error' }),
    request('log level that is none', 'logging/setLevel', { level: 'loud' }),
    call('progress', 'progress', { ...why }, { _meta: { progressToken: 'p' } }),
    call('logging', 'log', { ...why }),
    ...(options.peerRequests === false ? [] : [call('a request to the client', 'ask-roots', { ...why })]),
    cancelled(why),
    concurrent(why),
    ...(options.tasks ? taskSteps() : []),
    request('initialize again', 'initialize', {
      protocolVersion: '1999-01-01',
      capabilities: {},
      clientInfo: { name: 'script', version: '1' },
    }),
  ]
}

/** The call gets no answer; what comes after it does. */
function cancelled(why: object): Step {
  const id = ++nextId
  const after = request('after', 'ping')
  return {
    what: 'a cancelled call',
    send: [
      { jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'until-cancelled', arguments: why } },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id, reason: 'enough' } },
      ...after.send,
    ],
    answers: after.answers,
  }
}

function concurrent(why: object): Step {
  const calls = Array.from({ length: 20 }, (_, index) => call('', 'echo', { text: `n${index}`, ...why }))
  return {
    what: 'twenty calls at once',
    send: calls.flatMap((one) => one.send),
    answers: calls.flatMap((one) => one.answers),
  }
}

function taskSteps(): Step[] {
  return [
    call('a task', 'job', { n: 1 }, { task: { ttl: 60_000 } }),
    call('a task tool called without a task', 'job', { n: 1 }),
    request('a task that is not there', 'tasks/get', { taskId: 'nothing' }),
    request('list tasks', 'tasks/list'),
  ]
}
