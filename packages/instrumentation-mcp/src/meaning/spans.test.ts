import { context, metrics, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instrumentClient, instrumentServer } from '../instrument.js'
import { ALL_SDKS, connect, SDKS, type Sdk } from '../testing/pairs.js'
import { eventually, gate, startTelemetry, type Telemetry } from '../testing/telemetry.js'

let telemetry: Telemetry
beforeEach(() => {
  telemetry = startTelemetry()
})
afterEach(() => telemetry.stop())

const text = (value: string): object => ({ content: [{ type: 'text', text: value }] })

function fail(): never {
  throw new TypeError('cannot read', { cause: new RangeError('out of reach') })
}

function anyResult(sdk: Sdk): never {
  return sdk.z.object({}).passthrough() as never
}

describe.each(ALL_SDKS)('errors, SDK $name', (sdk) => {
  it('of a tool keep what was thrown, with its causes', async () => {
    const server = sdk.server()
    // One tool before the hook, one after it.
    sdk.tool(server, 'before', {}, fail)
    instrumentServer(server)
    sdk.tool(server, 'after', {}, async () => {
      await Promise.resolve()
      return fail()
    })
    const client = await connect(sdk, server)
    for (const name of ['before', 'after']) {
      expect((await client.callTool({ name, arguments: {} })).isError).toBe(true)
    }
    await eventually(() => telemetry.server('tools/call').length === 2)
    for (const span of telemetry.server('tools/call')) {
      expect(span.attributes['error.type']).toBe('tool_error')
      expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'cannot read' })
      const [event] = span.events
      expect(event?.name).toBe('exception')
      expect(event?.attributes).toMatchObject({ 'exception.type': 'TypeError', 'exception.message': 'cannot read' })
      expect(event?.attributes?.['exception.stacktrace']).toMatch(/spans\.test[^]*Caused by: RangeError: out of reach/)
    }
    await client.close()
  })

  it('that are no Error are told by what they are', async () => {
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'string', {}, () => {
      // oxlint-disable-next-line typescript/only-throw-error -- the case under test
      throw 'just text'
    })
    const client = await connect(sdk, server)
    await client.callTool({ name: 'string', arguments: {} })
    const span = await eventually(() => telemetry.server('tools/call')[0])
    expect(span.events[0]?.attributes).toMatchObject({ 'exception.type': 'string', 'exception.message': 'just text' })
    await client.close()
  })

  it('of a low-level handler are recovered behind the JSON-RPC error', async () => {
    const server = instrumentServer(
      sdk.lowLevel(
        () => ({ tools: [] }),
        () => {
          throw new SyntaxError('deep inside')
        },
      ),
    )
    const client = await connect(sdk, server)
    await expect(client.callTool({ name: 'x', arguments: {} })).rejects.toThrow('deep inside')
    const span = await eventually(() => telemetry.server('tools/call')[0])
    expect(span.attributes).toMatchObject({ 'error.type': '-32603', 'rpc.response.status_code': '-32603' })
    expect(span.events[0]?.attributes).toMatchObject({ 'exception.type': 'SyntaxError' })
    await client.close()
  })

  it('that are the caller’s fault are no error of the server, but one of the client', async () => {
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'x', {}, () => text('ok'))
    const client = await connect(sdk, server, instrumentClient(sdk.client()))
    await expect(client.request({ method: 'custom/unknown' }, anyResult(sdk))).rejects.toThrow('Method not found')
    const span = await eventually(() => telemetry.server('custom/unknown')[0])
    expect(span.attributes['rpc.response.status_code']).toBe('-32601')
    expect(span.attributes).not.toHaveProperty('error.type')
    expect(span.status.code).toBe(SpanStatusCode.UNSET)
    const sent = await eventually(() => telemetry.client('custom/unknown')[0])
    expect(sent.attributes).toMatchObject({ 'error.type': '-32601', 'rpc.response.status_code': '-32601' })
    expect(sent.status.code).toBe(SpanStatusCode.ERROR)
    await client.close()
  })
})

describe.each(SDKS)('requests, SDK $name', (sdk) => {
  it('that are cancelled end without an error on the server and as cancelled on the client', async () => {
    const server = instrumentServer(sdk.server())
    const started = gate()
    sdk.tool(server, 'slow', {}, async (args, extra) => {
      started.open()
      const { signal } = ((extra ?? args) as { mcpReq?: { signal: AbortSignal } }).mcpReq ?? ((extra ?? args) as never)
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      return text('too late')
    })
    const client = await connect(sdk, server, instrumentClient(sdk.client()))
    const stop = new AbortController()
    const call = client.callTool({ name: 'slow', arguments: {} }, undefined, { signal: stop.signal })
    const options =
      sdk.name === 'v2' ? client.callTool({ name: 'slow', arguments: {} }, { signal: stop.signal } as never) : call
    if (options !== call) call.catch(() => undefined)
    await started.opened
    stop.abort('changed my mind')
    await expect(options).rejects.toThrow()
    const received = await eventually(() => telemetry.server('tools/call')[0])
    expect(received.attributes['mcpcat.cancelled']).toBe(true)
    expect(received.attributes).not.toHaveProperty('error.type')
    const sent = await eventually(() => telemetry.client('tools/call')[0])
    expect(sent.attributes['error.type']).toBe('cancelled')
    await eventually(() => telemetry.server('notifications/cancelled')[0])
    await client.close()
  })

  it('that time out say so, by type and not by text', async () => {
    const server = sdk.server()
    sdk.tool(server, 'never', {}, () => new Promise(() => undefined))
    const client = await connect(sdk, server, instrumentClient(sdk.client()))
    const call =
      sdk.name === 'v2'
        ? client.callTool({ name: 'never', arguments: {} }, { timeout: 5 } as never)
        : client.callTool({ name: 'never', arguments: {} }, undefined, { timeout: 5 })
    await expect(call).rejects.toThrow('timed out')
    const sent = await eventually(() => telemetry.client('tools/call')[0])
    expect(sent.attributes['error.type']).toBe('timeout')
    await client.close()
  })

  it('that the closing connection leaves unanswered end all the same', async () => {
    const server = instrumentServer(sdk.server())
    const started = gate()
    sdk.tool(server, 'never', {}, () => {
      started.open()
      return new Promise(() => undefined)
    })
    const client = await connect(sdk, server, instrumentClient(sdk.client()))
    const call = client.callTool({ name: 'never', arguments: {} })
    await started.opened
    await client.close()
    await expect(call).rejects.toThrow('closed')
    const sent = await eventually(() => telemetry.client('tools/call')[0])
    expect(sent.attributes['error.type']).toBe('connection_closed')
    await eventually(() => telemetry.server('tools/call')[0])
  })

  it('of a server to its client are CLIENT spans inside the tool call', async () => {
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'ask', {}, async () => {
      await server.server.listRoots()
      return text('ok')
    })
    const client = sdk.client({ capabilities: { roots: {} } })
    const handle = client.setRequestHandler.bind(client) as (method: unknown, handler: unknown) => void
    if (sdk.name === 'v2') handle('roots/list', () => ({ roots: [] }))
    else handle((await import('@modelcontextprotocol/sdk/types.js')).ListRootsRequestSchema, () => ({ roots: [] }))
    instrumentClient(client)
    await connect(sdk, server, client)
    await client.callTool({ name: 'ask', arguments: {} })
    const tool = await eventually(() => telemetry.server('tools/call')[0])
    const asked = await eventually(() => telemetry.client('roots/list')[0])
    expect(asked.parentSpanContext?.spanId).toBe(tool.spanContext().spanId)
    const answered = await eventually(() => telemetry.server('roots/list')[0])
    expect(answered.parentSpanContext?.spanId).toBe(asked.spanContext().spanId)
    await client.close()
  })

  it('take their parent from _meta and link the ambient span', async () => {
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'x', {}, () => text('ok'))
    const client = await connect(sdk, server)
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const tracer = trace.getTracer('test')
    const ambient = tracer.startSpan('http server')
    await context.with(trace.setSpan(context.active(), ambient), async () => {
      await client.callTool({ name: 'x', arguments: {}, _meta: { traceparent } })
      await client.callTool({ name: 'x', arguments: {} })
    })
    await eventually(() => telemetry.server('tools/call').length === 2)
    const [first, second] = telemetry.server('tools/call')
    expect(first?.parentSpanContext?.spanId).toBe('b7ad6b7169203331')
    expect(first?.links.map((link) => link.context.spanId)).toEqual([ambient.spanContext().spanId])
    expect(second?.parentSpanContext?.spanId).toBe(ambient.spanContext().spanId)
    expect(second?.links).toEqual([])
    await client.close()
  })

  it('sent again with an old _meta carry the new trace context', async () => {
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'x', {}, () => text('ok'))
    const client = await connect(sdk, server, instrumentClient(sdk.client()))
    const old = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await client.callTool({ name: 'x', arguments: {}, _meta: { traceparent: old } })
    const received = await eventually(() => telemetry.server('tools/call')[0])
    const sent = await eventually(() => telemetry.client('tools/call')[0])
    expect(received.parentSpanContext?.spanId).toBe(sent.spanContext().spanId)
    await client.close()
  })

  it('name resources by attribute and prompts by name', async () => {
    const server = instrumentServer(sdk.server())
    server.registerResource('r', 'file:///r', {}, () => ({ contents: [{ uri: 'file:///r', text: 'body' }] }))
    server.registerPrompt('p', {}, () => ({ messages: [] }))
    const client = await connect(sdk, server)
    await client.readResource({ uri: 'file:///r' })
    await client.getPrompt({ name: 'p' })
    const read = await eventually(() => telemetry.server('resources/read')[0])
    expect(read.name).toBe('resources/read')
    expect(read.attributes['mcp.resource.uri']).toBe('file:///r')
    const prompt = await eventually(() => telemetry.server('prompts/get')[0])
    expect(prompt.name).toBe('prompts/get p')
    await client.close()
  })

  it('that are never answered are bounded in number', async () => {
    const server = instrumentServer(
      sdk.lowLevel(
        () => ({ tools: [] }),
        () => new Promise(() => undefined),
      ),
    )
    const [clientSide, serverSide] = sdk.transports()
    await server.connect(serverSide)
    await clientSide.start()
    for (let id = 0; id < 4200; id += 1) {
      await clientSide.send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'x' } })
    }
    const abandoned = telemetry.server('tools/call')
    expect(abandoned).toHaveLength(104)
    expect(abandoned[0]?.attributes['error.type']).toBe('abandoned')
    await clientSide.close()
  })
})

describe.each(SDKS)('metrics, SDK $name', (sdk) => {
  it('are the four histograms, with the buckets of the conventions', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }))
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'fail', {}, () => {
      throw new Error('no')
    })
    const client = await connect(sdk, server, instrumentClient(sdk.client()))
    await client.callTool({ name: 'fail', arguments: {} })
    await expect(client.readResource({ uri: 'file:///x' })).rejects.toThrow()
    await client.close()
    await reader.forceFlush()
    const found = Object.fromEntries(
      exporter
        .getMetrics()
        .flatMap((one) => one.scopeMetrics)
        .flatMap((scope) => scope.metrics)
        .map((metric) => [metric.descriptor.name, metric]),
    )
    expect(Object.keys(found).toSorted()).toEqual([
      'mcp.client.operation.duration',
      'mcp.client.session.duration',
      'mcp.server.operation.duration',
      'mcp.server.session.duration',
    ])
    for (const metric of Object.values(found)) {
      expect(metric.descriptor.unit).toBe('s')
      const [point] = metric.dataPoints as { value: { buckets: { boundaries: number[] } } }[]
      expect(point?.value.buckets.boundaries).toEqual([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300])
    }
    const failed = found['mcp.server.operation.duration']?.dataPoints.find(
      ({ attributes }) => attributes['mcp.method.name'] === 'tools/call',
    )
    expect(failed?.attributes).toMatchObject({ 'error.type': 'tool_error', 'gen_ai.tool.name': 'fail' })
    for (const key of ['jsonrpc.request.id', 'mcp.session.id', 'session.id', 'client.address', 'mcp.client.name']) {
      expect(failed?.attributes).not.toHaveProperty([key])
    }
    const points = Object.values(found).flatMap((metric) => metric.dataPoints as { attributes: object }[])
    expect(points.some(({ attributes }) => 'mcp.resource.uri' in attributes)).toBe(false)
  })
})
