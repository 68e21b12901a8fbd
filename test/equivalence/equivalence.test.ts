import { context, propagation, SpanKind, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { McpInstrumentation } from '@mcpcat/instrumentation-mcp'
import { protocolHookKey } from '@mcpcat/instrumentation-mcp/loading'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkLean, checkSpan } from '../conventions/check-span.js'
import { withoutInjections } from '../harness/transcript.js'
import { converse, type Heard } from './converse.js'
import { buildServer, type AnyServer } from './servers.js'
import { scriptedTraffic } from './traffic.js'
import { WIRES } from './wires.js'

const exporter = new InMemorySpanExporter()

beforeAll(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
})

afterAll(() => {
  trace.disable()
  context.disable()
  propagation.disable()
})

/** Instrumented as zero-code does it: the hook sees every server as it is made. */
function instrumented(build: () => AnyServer): () => AnyServer {
  return () => {
    const server = build()
    const hook = (globalThis as { [protocolHookKey]?: (instance: object) => void })[protocolHookKey]
    hook?.(server.server)
    hook?.(server)
    return server
  }
}

describe.each(WIRES)('a server of SDK $generation, $name', (kind) => {
  const build = (): AnyServer => buildServer(kind.generation)
  const script = { tasks: kind.generation === 'v1' && kind.ordered, peerRequests: kind.peerRequests }

  it('says word for word the same with and without instrumentation', async () => {
    const bare = await converse(kind, build, scriptedTraffic(script))
    const again = await converse(kind, build, scriptedTraffic(script))
    // What is not even the same twice without us cannot be compared.
    expect(comparable(again)).toEqual(comparable(bare))

    exporter.reset()
    const instrumentation = new McpInstrumentation({
      identify: (_request, extra) => Promise.resolve({ userId: extra.sessionId ?? extra.connectionId ?? 'nobody' }),
      eventTags: () => ({ env: 'test' }),
      eventProperties: () => ({ nested: { a: 1 } }),
    })
    try {
      const watched = await converse(kind, instrumented(build), scriptedTraffic(script))
      expect(comparable(watched)).toEqual(comparable(bare))
      const explaining = await converse(
        kind,
        instrumented(build),
        scriptedTraffic({ ...script, context: 'because the script says so' }),
      )
      expect(comparable(explaining)).toEqual(comparable(bare))
    } finally {
      instrumentation.disable()
    }
    const spans = exporter.getFinishedSpans()
    expect(spans.flatMap((span) => [...checkSpan(span), ...checkLean(span)])).toEqual([])
    const requests = scriptedTraffic(script).flatMap((step) => step.send).length
    expect(spans.filter((span) => span.kind === SpanKind.SERVER).length).toBeGreaterThan(requests)
    expect(
      spans.filter((span) => span.attributes['mcpcat.intent'] === 'because the script says so').length,
    ).toBeGreaterThan(25)

    const after = await converse(kind, build, scriptedTraffic(script))
    expect(comparable(after)).toEqual(comparable(bare))
    expect(exporter.getFinishedSpans()).toHaveLength(spans.length)
  })
})

/** Without what the instrumentation adds on purpose, and without what differs from one run to the next. */
function comparable(transcript: readonly Heard[]): unknown {
  return transcript.map(({ what, messages }) => ({
    what,
    messages: withoutInjections(messages.map((message) => JSON.stringify(message))).map(settled),
  }))
}

/** Random ids and times by their shape. */
function settled(message: unknown): unknown {
  return JSON.parse(
    JSON.stringify(message)
      .replaceAll(/"[0-9a-f]{32}"/g, '"<task>"')
      .replaceAll(/Task [0-9a-f]{32}/g, 'Task <task>')
      .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '<time>'),
  )
}
