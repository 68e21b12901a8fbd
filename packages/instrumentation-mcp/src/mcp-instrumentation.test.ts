import { SpanKind } from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { McpInstrumentation } from './mcp-instrumentation.js'
import { PROTOCOL_HOOK, THROWN_HOOK } from './patch/hook.js'
import { connect, SDKS, V1, V1_20 } from './testing/pairs.js'
import { eventually, startTelemetry, type Telemetry } from './testing/telemetry.js'

describe.each(SDKS)('McpInstrumentation on SDK $name', (sdk) => {
  let telemetry: Telemetry
  beforeEach(() => {
    telemetry = startTelemetry()
  })
  afterEach(() => telemetry.stop())

  it('is hooked through the global hook while the instrumentation is enabled, and restored after', async () => {
    const server = sdk.server()
    const prototype = Object.getPrototypeOf(Object.getPrototypeOf(server.server)) as Record<string, unknown>
    const original = prototype['_onrequest']
    const instrumentation = new McpInstrumentation()
    const hook = (globalThis as Record<symbol, unknown>)[PROTOCOL_HOOK] as (instance: object) => void
    hook(server.server)
    expect(prototype['_onrequest']).not.toBe(original)
    const client = await connect(sdk, server)
    await client.ping()
    await eventually(() => telemetry.server('ping')[0])
    await client.close()
    instrumentation.disable()
    expect((globalThis as Record<symbol, unknown>)[PROTOCOL_HOOK]).toBeUndefined()
    expect(prototype['_onrequest']).toBe(original)
  })
})

function callback(): object {
  return { content: [] }
}

it('takes its wrapper off the tools of an older SDK, and off the transport', async () => {
  const telemetry = startTelemetry()
  const instrumentation = new McpInstrumentation()
  const server = V1_20.server()
  V1_20.tool(server, 'x', {}, callback)
  const hook = (globalThis as Record<symbol, unknown>)[PROTOCOL_HOOK] as (instance: object) => void
  hook(server)
  const [clientSide, serverSide] = V1_20.transports()
  const send = Object.getOwnPropertyDescriptor(serverSide, 'send')
  await server.connect(serverSide)
  const client = V1_20.client()
  await client.connect(clientSide)
  await client.callTool({ name: 'x', arguments: {} })
  const tools = (server as unknown as { _registeredTools: Record<string, { callback: unknown }> })._registeredTools
  expect(tools['x']?.callback).not.toBe(callback)
  instrumentation.disable()
  expect(tools['x']?.callback).toBe(callback)
  expect(Object.getOwnPropertyDescriptor(serverSide, 'send')).toEqual(send)
  await client.callTool({ name: 'x', arguments: {} })
  expect(telemetry.server('tools/call')).toHaveLength(1)
  await client.close()
  telemetry.stop()
})

it('is told what a framework makes a result of, while it is enabled', async () => {
  const telemetry = startTelemetry()
  const instrumentation = new McpInstrumentation()
  const host = globalThis as { [THROWN_HOOK]?: (holder: object, error: unknown) => void }
  const server = V1.lowLevel(
    () => ({ tools: [] }),
    async ({ name }) => {
      await Promise.resolve()
      host[THROWN_HOOK]?.({ server }, new RangeError(name))
      return { isError: true, content: [{ type: 'text', text: 'failed' }] }
    },
  )
  const hook = (globalThis as Record<symbol, unknown>)[PROTOCOL_HOOK] as (instance: object) => void
  hook(server)
  const [clientSide, serverSide] = V1.transports()
  await server.connect(serverSide)
  const client = V1.client()
  await client.connect(clientSide)
  await Promise.all(['a', 'b'].map((name) => client.callTool({ name, arguments: {} })))
  await eventually(() => telemetry.server('tools/call').length === 2)
  for (const { attributes, events } of telemetry.server('tools/call')) {
    expect(attributes['error.type']).toBe('tool_error')
    expect(events.map((event) => event.attributes)).toMatchObject([
      { 'exception.type': 'RangeError', 'exception.message': attributes['gen_ai.tool.name'] },
    ])
  }
  expect(() => host[THROWN_HOOK]?.({}, new Error('of nobody'))).not.toThrow()
  await client.close()
  instrumentation.disable()
  expect(host[THROWN_HOOK]).toBeUndefined()
  telemetry.stop()
})

it('can be enabled again, and follows a change of provider and options', async () => {
  const telemetry = startTelemetry()
  const instrumentation = new McpInstrumentation({ enabled: false })
  const server = V1.server()
  V1.tool(server, 'x', { q: V1.z.string() }, () => ({ content: [] }))
  expect((globalThis as Record<symbol, unknown>)[PROTOCOL_HOOK]).toBeUndefined()
  instrumentation.enable()
  const hook = (globalThis as Record<symbol, unknown>)[PROTOCOL_HOOK] as (instance: object) => void
  hook(server)
  const client = await connect(V1, server)
  instrumentation.setConfig({ context: 'off', getMoreTools: false })
  expect(JSON.stringify((await client.listTools()).tools)).not.toContain('context')
  const other = new InMemorySpanExporter()
  instrumentation.setTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(other)] }))
  await client.ping()
  const received = (): unknown[] => other.getFinishedSpans().filter(({ kind }) => kind === SpanKind.SERVER)
  await eventually(() => received().length === 1)
  instrumentation.disable()
  await client.ping()
  instrumentation.enable()
  await client.ping()
  await eventually(() => received().length === 2)
  await client.close()
  instrumentation.disable()
  telemetry.stop()
})
