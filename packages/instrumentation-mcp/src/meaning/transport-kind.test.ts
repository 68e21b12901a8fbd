import { PassThrough } from 'node:stream'
import { StreamableHTTPClientTransport as HttpClientV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { StdioServerTransport as StdioV1 } from '@modelcontextprotocol/sdk/server/stdio.js'
import { WebStandardStreamableHTTPServerTransport as HttpV1 } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'
import { StreamableHTTPClientTransport as HttpClientV2 } from '@modelcontextprotocol/client'
import { WebStandardStreamableHTTPServerTransport as HttpV2 } from '@modelcontextprotocol/server'
import { StdioServerTransport as StdioV2 } from '@modelcontextprotocol/server/stdio'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instrumentServer } from '../instrument.js'
import { V1, V2 } from '../testing/pairs.js'
import { eventually, startTelemetry, type Telemetry } from '../testing/telemetry.js'
import { knowTransport } from './transport-kind.js'

let telemetry: Telemetry
beforeEach(() => {
  telemetry = startTelemetry()
})
afterEach(() => telemetry.stop())

type AnyTransport = InstanceType<typeof StdioV1> | InstanceType<typeof HttpV1>

/** As servers write it: everything handed on, the transport in a field. */
class Wrapper {
  constructor(inner: AnyTransport) {
    this.inner = inner
  }
  readonly inner: AnyTransport
  get onmessage(): AnyTransport['onmessage'] {
    return this.inner.onmessage
  }
  set onmessage(handler: AnyTransport['onmessage']) {
    Object.assign(this.inner, { onmessage: handler })
  }
  get onclose(): AnyTransport['onclose'] {
    return this.inner.onclose
  }
  set onclose(handler: AnyTransport['onclose']) {
    Object.assign(this.inner, { onclose: handler })
  }
  start(): Promise<void> {
    return this.inner.start()
  }
  send(message: never, options?: never): Promise<void> {
    return this.inner.send(message, options)
  }
  close(): Promise<void> {
    return this.inner.close()
  }
}

/** One that takes HTTP requests itself and holds something else. */
class HttpWrapper extends Wrapper {
  handleRequest(): void {}
}

const wraps: readonly [string, (inner: AnyTransport) => object][] = [
  ['a class', (inner) => new Wrapper(inner)],
  ['three classes', (inner) => new Wrapper(new Wrapper(new Wrapper(inner) as never) as never)],
  [
    'a proxy',
    (inner) =>
      new Proxy(inner, {
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target)
          return typeof value === 'function' ? (value.bind(target) as unknown) : value
        },
      }),
  ],
]

const generations = [
  { sdk: V1, Stdio: StdioV1, Http: HttpV1, HttpClient: HttpClientV1 },
  { sdk: V2, Stdio: StdioV2, Http: HttpV2, HttpClient: HttpClientV2 },
].map((parts) => ({ name: parts.sdk.name, ...parts }))

describe.each(generations)('a transport inside a wrapper, SDK $name', ({ sdk, Stdio, Http, HttpClient }) => {
  it.each(wraps)('stdio in %s is a pipe with a connection id', async (_, wrap) => {
    const [there, back] = [new PassThrough(), new PassThrough()]
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'echo', {}, () => ({ content: [] }))
    await server.connect(wrap(new Stdio(there, back) as AnyTransport) as never)
    const client = sdk.client()
    await client.connect(new Stdio(back, there))
    await client.callTool({ name: 'echo', arguments: {} })
    const span = await eventually(() => telemetry.server('tools/call')[0])
    expect(span.attributes).toMatchObject({
      'network.transport': 'pipe',
      'mcpcat.connection.id': expect.any(String) as string,
      'mcpcat.session.source': 'connection',
    })
    expect(span.attributes['session.id']).toBe(span.attributes['mcpcat.connection.id'])
    await client.close()
    await server.close()
  })

  it.each(wraps)('streamable HTTP in %s has its own session', async (_, wrap) => {
    const transport = new Http({ sessionIdGenerator: () => 'session-1' })
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'echo', {}, () => ({ content: [] }))
    await server.connect(wrap(transport as AnyTransport) as never)
    const client = sdk.client()
    const fetch = (url: string | URL, init?: RequestInit): Promise<Response> =>
      transport.handleRequest(new Request(url, init))
    await client.connect(new HttpClient(new URL('http://localhost/mcp'), { fetch }))
    await client.callTool({ name: 'echo', arguments: {} })
    const span = await eventually(() => telemetry.server('tools/call')[0])
    expect(span.attributes).toMatchObject({ 'network.transport': 'tcp', 'mcp.session.id': 'session-1' })
    expect(span.attributes).not.toHaveProperty('mcpcat.connection.id')
    await client.close()
    await server.close()
  })

  it('a wrapper that speaks HTTP itself gets no id, whatever it holds', async () => {
    const [there, back] = [new PassThrough(), new PassThrough()]
    const server = instrumentServer(sdk.server())
    await server.connect(new HttpWrapper(new Stdio(there, back) as AnyTransport))
    const client = sdk.client()
    await client.connect(new Stdio(back, there))
    const span = await eventually(() => telemetry.server('initialize')[0])
    expect(span.attributes['network.transport']).toBe('tcp')
    expect(span.attributes).not.toHaveProperty('mcpcat.connection.id')
    expect(span.attributes).not.toHaveProperty('session.id')
    await client.close()
    await server.close()
  })
})

const stdio = (): AnyTransport => new StdioV1(new PassThrough(), new PassThrough())

describe('in doubt nothing is known', () => {
  const unknown = { singlePeer: false }

  it('of what holds two transports, but of what holds one twice', () => {
    const one = stdio()
    expect(knowTransport({ send() {}, a: one, b: stdio() }).kind).toEqual(unknown)
    expect(knowTransport({ send() {}, a: one, b: new Wrapper(one) })).toMatchObject({ innermost: one })
  })

  it('of what hides it behind getters, which are not run', () => {
    const transport = {
      send() {},
      get inner(): never {
        throw new Error('a side effect')
      },
      get _url(): never {
        throw new Error('a side effect')
      },
    }
    expect(knowTransport(transport).kind).toEqual(unknown)
  })

  it('of what is deeper than three wrappers, holds itself, or refuses to be looked at', () => {
    const deep = [1, 2, 3, 4].reduce<AnyTransport>((inner) => new Wrapper(inner) as never, stdio())
    expect(knowTransport(deep).kind).toEqual(unknown)
    const circular = { start() {}, send() {}, close() {}, self: {} }
    circular.self = circular
    expect(knowTransport(circular).kind).toEqual(unknown)
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(knowTransport(proxy).kind).toEqual(unknown)
  })
})
