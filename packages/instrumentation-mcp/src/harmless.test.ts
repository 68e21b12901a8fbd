import { diag, DiagLogLevel } from '@opentelemetry/api'
import { getSpanContent } from '@mcpcat/semconv'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { instrumentClient, instrumentServer } from './instrument.js'
import { McpInstrumentation } from './mcp-instrumentation.js'
import { PROTOCOL_HOOK } from './patch/hook.js'
import { connect, SDKS } from './testing/pairs.js'
import { eventually, startTelemetry, type Telemetry } from './testing/telemetry.js'

let telemetry: Telemetry
let lines: string[]
beforeEach(() => {
  telemetry = startTelemetry()
  lines = []
  const log = (line: string): void => void lines.push(line)
  diag.setLogger(
    { error: log, warn: log, info: log, debug: log, verbose: log },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
})
afterEach(() => {
  diag.disable()
  telemetry.stop()
})

const ok = (): object => ({ content: [{ type: 'text', text: 'ok' }] })

describe.each(SDKS)('on SDK $name', (sdk) => {
  it('content stays beside the span, opt-in puts it on, `none` keeps none', async () => {
    for (const captureContent of ['mcpcat', 'all', 'none'] as const) {
      telemetry.exporter.reset()
      const server = instrumentServer(sdk.server(), { captureContent })
      sdk.tool(server, 'x', { q: sdk.z.string() }, ok)
      const client = await connect(sdk, server)
      await client.listTools()
      await client.callTool({ name: 'x', arguments: { q: 'secret', context: 'why' } })
      const span = await eventually(() => telemetry.server('tools/call')[0])
      expect(span.attributes['gen_ai.tool.call.arguments']).toBe(
        captureContent === 'all' ? '{"q":"secret"}' : undefined,
      )
      expect(JSON.stringify(getSpanContent(span)?.request ?? null).includes('secret')).toBe(captureContent !== 'none')
      if (captureContent !== 'all') expect(JSON.stringify(span.attributes)).not.toContain('secret')
      await client.close()
    }
  })

  it('headers and tokens of a request are on no span', async () => {
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'x', {}, ok)
    const [clientSide, serverSide] = sdk.transports()
    await server.connect(serverSide)
    const extra = {
      authInfo: { token: 'tok-secret', clientId: 'c', scopes: [] },
      requestInfo: { headers: { authorization: 'Bearer tok-secret', cookie: 'sid=tok-secret' } },
    }
    serverSide.onmessage?.({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x' } }, extra)
    const span = await eventually(() => telemetry.server('tools/call')[0])
    expect(JSON.stringify([span.attributes, getSpanContent(span)])).not.toContain('tok-secret')
    await clientSide.close()
  })

  it('registering twice, and in two ways at once, gives one span each', async () => {
    const first = new McpInstrumentation()
    const second = new McpInstrumentation()
    const server = sdk.server()
    const hook = (globalThis as Record<symbol, unknown>)[PROTOCOL_HOOK] as (instance: object) => void
    hook(server.server)
    hook(server)
    instrumentServer(server, { eventTags: () => ({ own: 'config' }) })
    instrumentServer(server)
    sdk.tool(server, 'x', {}, ok)
    const client = sdk.client()
    hook(client)
    instrumentClient(client)
    await connect(sdk, server, client)
    await client.callTool({ name: 'x', arguments: {} })
    await eventually(() => telemetry.client('tools/call')[0])
    expect(telemetry.server('tools/call')).toHaveLength(1)
    expect(telemetry.client('tools/call')).toHaveLength(1)
    // What was said for this one server counts, in whatever way it is hooked.
    expect(telemetry.server('tools/call')[0]?.attributes['mcpcat.tag.own']).toBe('config')
    await client.close()
    first.disable()
    second.disable()
  })

  it('a transport that lets nothing be wrapped works as ever, without spans', async () => {
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'x', {}, ok)
    const [clientSide, serverSide] = sdk.transports()
    const closed = new Proxy(serverSide, {
      defineProperty: (target, name, descriptor) => name !== 'send' && Reflect.defineProperty(target, name, descriptor),
    })
    await server.connect(closed)
    const client = sdk.client()
    await client.connect(clientSide)
    expect(await client.callTool({ name: 'x', arguments: {} })).toMatchObject(ok())
    expect(telemetry.spans()).toEqual([])
    await client.close()
  })

  it('another copy of this package says its options to the one that has the hooks', async () => {
    const server = instrumentServer(sdk.server())
    vi.resetModules()
    const copy = (await import('./index.js')) as { instrumentServer: typeof instrumentServer }
    expect(copy.instrumentServer).not.toBe(instrumentServer)
    copy.instrumentServer(server, { identify: () => ({ userId: 'told to the copy' }) })
    const client = await connect(sdk, server)
    await client.ping()
    await eventually(() => telemetry.server('ping')[0])
    expect(telemetry.server('ping').map((span) => span.attributes['user.id'])).toEqual(['told to the copy'])
    await client.close()
  })

  it('messages that come before `connect` has returned, through wrapper and proxy transports, are seen', async () => {
    for (const wrap of [wrapped, proxied]) {
      telemetry.exporter.reset()
      const server = instrumentServer(sdk.server())
      const [clientSide, serverSide] = sdk.transports()
      const answers: unknown[] = []
      Object.assign(clientSide, { onmessage: (message: unknown) => answers.push(message) })
      await clientSide.start()
      await clientSide.send({ jsonrpc: '2.0', id: 1, method: 'ping' })
      await server.connect(wrap(serverSide) as never)
      const span = await eventually(() => telemetry.server('ping')[0])
      expect(span.attributes['mcpcat.session.source']).toBe('connection')
      expect(answers).toHaveLength(1)
      await server.close()
    }
  })
})

it('unknown options and wrong types are told once, with what is right', () => {
  const instrumentation = new McpInstrumentation({
    captureContents: 'all',
    captureContent: 'everything',
    getMoreTools: 'yes',
  } as never)
  instrumentation.setConfig({ captureContents: 'all' } as never)
  instrumentation.disable()
  expect(about('captureContents')).toHaveLength(1)
  expect(about('captureContents')[0]).toContain('contextDescription')
  expect(about('captureContent')[0]).toContain('one of "mcpcat", "all", "none"')
  expect(about('getMoreTools')[0]).toContain('a boolean')
})

function about(name: string): string[] {
  return lines.filter((line) => line.includes(`"${name}"`))
}

interface AnyTransport {
  onmessage?: unknown
  onclose?: unknown
  start(): Promise<void>
  send(message: never): Promise<void>
  close(): Promise<void>
}

/** A transport that holds another and hands on. */
function wrapped(inner: AnyTransport): AnyTransport {
  const outer: AnyTransport & { inner: AnyTransport } = {
    inner,
    start: () => {
      Object.assign(inner, { onmessage: outer.onmessage, onclose: outer.onclose })
      return inner.start()
    },
    send: (message) => inner.send(message),
    close: () => inner.close(),
  }
  return outer
}

function proxied(inner: AnyTransport): AnyTransport {
  return new Proxy(inner, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
