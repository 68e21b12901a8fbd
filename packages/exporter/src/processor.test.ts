import { setImmediate as turn } from 'node:timers/promises'
import { context, diag, SpanStatusCode, trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SamplingDecision,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { describe, expect, it, vi } from 'vitest'
import { McpcatSpanProcessor, type McpcatSpanProcessorOptions, type ProcessorStats } from './index.js'
import { until } from './testing/receiver.js'
import { toolCall, traceCall, tracerFor } from './testing/spans.js'

function setUp(options: McpcatSpanProcessorOptions = {}): {
  exporter: InMemorySpanExporter
  processor: McpcatSpanProcessor
  tracer: ReturnType<typeof tracerFor>
  only: () => Promise<ReadableSpan>
} {
  const exporter = new InMemorySpanExporter()
  const processor = new McpcatSpanProcessor(exporter, options)
  const only = async (): Promise<ReadableSpan> => {
    await processor.forceFlush()
    const [span, ...others] = exporter.getFinishedSpans()
    expect(others).toEqual([])
    if (!span) throw new Error('nothing was exported')
    return span
  }
  return { exporter, processor, tracer: tracerFor(processor), only }
}

function throwing(): never {
  throw new Error('no')
}

const sum = (stats: ProcessorStats): number => stats.sent + stats.spilled + stats.dropped + stats.queued

describe('which spans it takes', () => {
  it('MCP spans and events, and no others', async () => {
    const { exporter, processor, tracer } = setUp()
    tracer.startSpan('GET /').end()
    traceCall(tracer)
    tracer.startSpan('checkout', { attributes: { 'mcpcat.event.type': 'custom' } }).end()
    await processor.forceFlush()
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['tools/call search', 'checkout'])
  })

  it('the spans below them by option, at any depth', async () => {
    const { exporter, processor, tracer } = setUp({ includeChildSpans: true })
    const call = tracer.startSpan('tools/call search', { attributes: { 'mcp.method.name': 'tools/call' } })
    const query = tracer.startSpan('SELECT', {}, trace.setSpan(context.active(), call))
    tracer.startSpan('parse', {}, trace.setSpan(context.active(), query)).end()
    query.end()
    call.end()
    tracer.startSpan('unrelated').end()
    await processor.forceFlush()
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['parse', 'SELECT', 'tools/call search'])
  })

  it('none that were not sampled', async () => {
    const { exporter, processor } = setUp()
    const sampler = { shouldSample: () => ({ decision: SamplingDecision.RECORD }), toString: () => 'record' }
    traceCall(new BasicTracerProvider({ spanProcessors: [processor], sampler }).getTracer('test'))
    traceCall(
      new BasicTracerProvider({ spanProcessors: [processor], sampler: new AlwaysOnSampler() }).getTracer('test'),
    )
    await processor.forceFlush()
    expect(exporter.getFinishedSpans()).toHaveLength(1)
  })
})

describe('content', () => {
  const content = {
    request: toolCall({ q: 'x', password: 'p' }),
    response: { content: [{ type: 'text', text: 'to a@b.io' }] },
  }

  it('is written on the copy, redacted, and not on the span that others see', async () => {
    const lean = new InMemorySpanExporter()
    const exporter = new InMemorySpanExporter()
    const processor = new McpcatSpanProcessor(exporter)
    const provider = new BasicTracerProvider({ spanProcessors: [processor, new SimpleSpanProcessor(lean)] })
    traceCall(provider.getTracer('test'), { content })
    await processor.forceFlush()
    expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({
      'gen_ai.tool.call.arguments': '{"q":"x","password":"[REDACTED]"}',
      'gen_ai.tool.call.result': '{"content":[{"type":"text","text":"to [REDACTED:email]"}]}',
    })
    expect(lean.getFinishedSpans()[0]?.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'search',
    })
  })

  it('of other methods goes to mcpcat.request and mcpcat.response', async () => {
    const { tracer, only } = setUp()
    traceCall(tracer, {
      method: 'resources/read',
      content: { request: { uri: 'file:///x' }, response: { contents: [] } },
    })
    expect((await only()).attributes).toEqual({
      'mcp.method.name': 'resources/read',
      'mcpcat.request': '{"uri":"file:///x"}',
      'mcpcat.response': '{"contents":[]}',
    })
  })

  it('stays behind with none, also where it is on the span already', async () => {
    const { tracer, only } = setUp({ content: 'none' })
    traceCall(tracer, { content, attributes: { 'gen_ai.tool.call.arguments': '{"q":"x"}' } })
    expect(Object.keys((await only()).attributes)).toEqual(['mcp.method.name', 'gen_ai.tool.name'])
  })

  it('has no values with shape', async () => {
    const { tracer, only } = setUp({ content: 'shape' })
    traceCall(tracer, {
      content,
      attributes: { 'mcpcat.intent': 'find it', 'mcpcat.tag.plan': 'gold', count: 7, list: ['a', 'b'] },
      during: (span) => {
        span.setStatus({ code: SpanStatusCode.ERROR, message: 'no such thing' })
        span.recordException(new TypeError('no such thing'))
      },
    })
    const span = await only()
    expect(span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'search',
      'mcpcat.intent': 'string',
      'mcpcat.tag.plan': 'string',
      count: 'number',
      list: ['string', 'string'],
      'gen_ai.tool.call.arguments': '{"q":"string","password":"string"}',
      'gen_ai.tool.call.result': '{"content":[{"type":"string","text":"string"}]}',
    })
    expect(span.status).toEqual({ code: 2, message: 'string' })
    expect(span.events[0]?.attributes).toEqual({
      'exception.type': 'TypeError',
      'exception.message': 'string',
      'exception.stacktrace': 'string',
    })
  })

  it('is what it was when the span ended, though the host changes it afterwards', async () => {
    const { tracer, only } = setUp()
    const args = { list: ['before'], inner: { q: 'before' } }
    traceCall(tracer, { content: { request: toolCall(args) } })
    args.list.push('after')
    args.inner.q = 'after'
    expect((await only()).attributes['gen_ai.tool.call.arguments']).toBe('{"list":["before"],"inner":{"q":"before"}}')
  })

  it('is cut to size, as valid JSON', async () => {
    const { tracer, only } = setUp({ maxContentBytes: 2000 })
    traceCall(tracer, { content: { response: { text: 'é'.repeat(100_000) } } })
    const json = (await only()).attributes['gen_ai.tool.call.result'] as string
    expect(Buffer.byteLength(json)).toBeLessThan(2100)
    expect((JSON.parse(json) as { text: string }).text).toMatch(/more characters\]$/)
  })

  it('that throws when read does not reach the host', async () => {
    const { tracer, only } = setUp()
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    traceCall(tracer, { content: { request: toolCall(proxy), response: proxy } })
    expect((await only()).name).toBe('tools/call search')
  })
})

describe('attributes', () => {
  it('are redacted by name and by content, also in events, links, status and resource', async () => {
    const exporter = new InMemorySpanExporter()
    const processor = new McpcatSpanProcessor(exporter)
    const resource = { 'process.command_args': ['node', 'x.js', '--api-key', 'planted'], 'service.name': 'inventory' }
    const tracer = tracerFor(processor, resource)
    traceCall(tracer, {
      attributes: {
        'mcpcat.intent': 'ask a@b.io',
        'mcpcat.tag.api_key': 'planted',
        numbers: [4111111111111111, 5],
        'mcp.session.id': '4111111111111111',
        'user.email': 'known@example.com',
      },
      during: (span) => {
        span.addEvent('mail to a@b.io', { token: 'planted' })
        span.addLink({ context: span.spanContext(), attributes: { secret: 'planted' } })
        span.setStatus({ code: SpanStatusCode.ERROR, message: 'password=planted' })
      },
    })
    await processor.forceFlush()
    const [span] = exporter.getFinishedSpans()
    expect(span?.attributes).toMatchObject({
      'mcpcat.intent': 'ask [REDACTED:email]',
      'mcpcat.tag.api_key': '[REDACTED]',
      numbers: ['[REDACTED:credit_card]', '5'],
      // Identifiers and the identity that the host gave on purpose stay.
      'mcp.session.id': '4111111111111111',
      'user.email': 'known@example.com',
    })
    expect(span?.events[0]).toMatchObject({ name: 'mail to [REDACTED:email]', attributes: { token: '[REDACTED]' } })
    expect(span?.links[0]?.attributes).toEqual({ secret: '[REDACTED]' })
    expect(span?.status.message).toBe('password=[REDACTED]')
    expect(span?.resource.attributes['process.command_args']).toEqual(['node', 'x.js', '--api-key', '[REDACTED]'])
  })

  it('of a resource that is still being detected are waited for', async () => {
    const exporter = new InMemorySpanExporter()
    const processor = new McpcatSpanProcessor(exporter)
    const resource = resourceFromAttributes({ 'host.name': Promise.resolve('late') })
    traceCall(new BasicTracerProvider({ spanProcessors: [processor], resource }).getTracer('test'))
    await processor.forceFlush()
    expect(exporter.getFinishedSpans()[0]?.resource.attributes['host.name']).toBe('late')
  })
})

describe('hooks', () => {
  const content = { request: toolCall({ q: 'blue', n: 1 }) }

  it.each([
    ['sync', (text: string) => text.replaceAll('blue', '***')],
    ['async', async (text: string) => Promise.resolve(text.replaceAll('blue', '***'))],
  ])('redact(text), %s, sees every text but names', async (_kind, redact) => {
    const { tracer, only } = setUp({ redact })
    traceCall(tracer, { content, attributes: { 'mcpcat.intent': 'blue things', 'gen_ai.tool.name': 'blue' } })
    expect((await only()).attributes).toMatchObject({
      'gen_ai.tool.name': 'blue',
      'mcpcat.intent': '*** things',
      'gen_ai.tool.call.arguments': '{"q":"***","n":1}',
    })
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['returns no text', () => 7 as unknown as string],
    ['never answers', () => new Promise<string>(() => undefined)],
  ])('redact(text) that %s drops the value, counted', async (_kind, redact) => {
    const { tracer, only, processor } = setUp({ redact, hookTimeoutMillis: 20 })
    traceCall(tracer, { content, attributes: { 'mcpcat.intent': 'blue things' } })
    const { attributes } = await only()
    expect(attributes['mcpcat.intent']).toBe('[REDACTED:hook failed]')
    expect(attributes['gen_ai.tool.call.arguments']).toBe('{"q":"[REDACTED:hook failed]","n":1}')
    expect(processor.stats().hookFailures).toBeGreaterThan(0)
  })

  it('redactEvent(event) edits what is left after the built-in rules', async () => {
    const seen: unknown[] = []
    const { tracer, only } = setUp({
      redactEvent: (event) => {
        seen.push(structuredClone(event))
        return { ...event, name: 'renamed', attributes: { ...event.attributes, extra: 1 }, request: { only: 'this' } }
      },
    })
    traceCall(tracer, { content: { request: toolCall({ mail: 'a@b.io' }), response: { ok: true } } })
    const span = await only()
    expect(seen).toEqual([
      expect.objectContaining({
        name: 'tools/call search',
        request: { mail: '[REDACTED:email]' },
        response: { ok: true },
      }),
    ])
    expect(span.name).toBe('renamed')
    expect(span.attributes).toMatchObject({
      extra: 1,
      'gen_ai.tool.call.arguments': '{"only":"this"}',
      'gen_ai.tool.call.result': '{"ok":true}',
    })
  })

  it.each([
    ['returns null', () => null, 'redact_event'],
    ['returns a promise of null', () => Promise.resolve(null), 'redact_event'],
    [
      'throws',
      () => {
        throw new Error('no')
      },
      'hook_failed',
    ],
    ['returns something else', () => 'event' as never, 'hook_failed'],
    ['never answers', () => new Promise<never>(() => undefined), 'hook_failed'],
  ])('redactEvent(event) that %s drops the event, counted', async (_kind, redactEvent, reason) => {
    const { tracer, exporter, processor } = setUp({ redactEvent, hookTimeoutMillis: 20 })
    traceCall(tracer, { content })
    await processor.forceFlush()
    expect(exporter.getFinishedSpans()).toEqual([])
    expect(processor.stats()).toMatchObject({ made: 1, sent: 0, dropped: 1, droppedBy: { [reason]: 1 }, queued: 0 })
  })
})

describe('batches', () => {
  it('leave when they are full, without a timer', async () => {
    const { exporter, tracer } = setUp({ maxExportBatchSize: 10, scheduledDelayMillis: 3_600_000 })
    for (let i = 0; i < 25; i++) traceCall(tracer)
    await until(() => exporter.getFinishedSpans().length === 20)
  })

  it('leave when time is up', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { exporter, tracer } = setUp({ scheduledDelayMillis: 1000 })
      traceCall(tracer)
      await vi.advanceTimersByTimeAsync(999)
      expect(exporter.getFinishedSpans()).toEqual([])
      await vi.advanceTimersByTimeAsync(1)
      await until(() => exporter.getFinishedSpans().length === 1)
    } finally {
      vi.useRealTimers()
    }
  })

  it('are bounded in spans and in bytes', async () => {
    const exporter = new InMemorySpanExporter()
    const sizes: number[] = []
    const watched = {
      export: (spans: ReadableSpan[], done: Parameters<InMemorySpanExporter['export']>[1]) => {
        sizes.push(spans.length)
        exporter.export(spans, done)
      },
      shutdown: () => exporter.shutdown(),
    }
    const processor = new McpcatSpanProcessor(watched, { maxExportBatchSize: 4, maxExportBatchBytes: 30_000 })
    const tracer = tracerFor(processor)
    for (let i = 0; i < 8; i++) traceCall(tracer)
    for (let i = 0; i < 4; i++) traceCall(tracer, { content: { response: 'x'.repeat(20_000) } })
    await processor.forceFlush()
    expect(sizes).toEqual([4, 4, 2, 2])
  })
})

describe('a full queue', () => {
  it('drops with a count by reason, and the counts add up', async () => {
    const { tracer, processor } = setUp({ maxQueueSize: 100 })
    for (let i = 0; i < 250; i++) {
      traceCall(tracer)
      expect(sum(processor.stats())).toBe(processor.stats().made)
    }
    expect(processor.stats()).toMatchObject({ made: 250, dropped: 150, droppedBy: { queue_full: 150 }, queued: 100 })
    await processor.shutdown()
    traceCall(tracer)
    expect(processor.stats()).toMatchObject({ made: 251, sent: 100, dropped: 151, queued: 0, queuedBytes: 0 })
    expect(processor.stats().droppedBy).toEqual({ queue_full: 150, shutdown: 1 })
  })

  it('is full by bytes as well', () => {
    const { tracer, processor } = setUp({ maxQueueBytes: 100_000 })
    for (let i = 0; i < 5; i++) traceCall(tracer, { content: { response: 'x'.repeat(40_000) } })
    expect(processor.stats()).toMatchObject({ made: 5, queued: 2, droppedBy: { queue_bytes: 3 } })
  })

  it('shows as metrics under the conventional names', async () => {
    const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 })
    const meterProvider = new MeterProvider({ readers: [reader] })
    const { tracer, processor } = setUp({ maxQueueSize: 10, meterProvider })
    for (let i = 0; i < 13; i++) traceCall(tracer)
    await processor.forceFlush()
    await meterProvider.forceFlush()
    const points = Object.fromEntries(
      metrics
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
        .flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => [
            `${descriptor.name} ${String(attributes['error.type'] ?? '')}`,
            value,
          ]),
        ),
    )
    expect(points).toEqual({
      'otel.sdk.processor.span.processed ': 10,
      'otel.sdk.processor.span.processed queue_full': 3,
      'otel.sdk.processor.span.queue.size ': 0,
      'otel.sdk.processor.span.queue.capacity ': 10,
    })
    await meterProvider.shutdown()
  })
})

describe('an exporter that misbehaves', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['reports failure', (_spans: unknown, done: (result: { code: number }) => void) => done({ code: 1 })],
    [
      'reports twice',
      (_spans: unknown, done: (result: { code: number }) => void) => {
        done({ code: 1 })
        done({ code: 0 })
      },
    ],
  ])('and %s is counted, and the host goes on', async (_kind, exportSpans) => {
    const processor = new McpcatSpanProcessor({ export: exportSpans, shutdown: () => Promise.reject(new Error('no')) })
    traceCall(tracerFor(processor))
    await processor.forceFlush()
    expect(processor.stats()).toMatchObject({ made: 1, dropped: 1, droppedBy: { export_failed: 1 }, queued: 0 })
    await processor.shutdown()
  })

  it('and never answers holds up neither flush nor shutdown for longer than allowed', async () => {
    const processor = new McpcatSpanProcessor({ export: () => undefined, shutdown: () => new Promise(() => undefined) })
    traceCall(tracerFor(processor))
    await processor.forceFlush(20)
    expect(processor.stats()).toMatchObject({ queued: 1 })
    await processor.shutdown(50)
    expect(processor.stats()).toMatchObject({ made: 1, dropped: 1, droppedBy: { shutdown: 1 }, queued: 0 })
  })
})

it('keeps what throws in a logger or a meter from the request that ends', async () => {
  diag.setLogger({ error: throwing, warn: throwing, info: throwing, debug: throwing, verbose: throwing })
  try {
    const meterProvider = { getMeter: throwing }
    const { tracer, processor } = setUp({ maxQueueSize: 1 })
    for (let i = 0; i < 3; i++) traceCall(tracer)
    expect(processor.stats()).toMatchObject({ made: 3, dropped: 2, queued: 1 })
    const other = setUp({ meterProvider })
    traceCall(other.tracer)
    expect(other.processor.stats()).toMatchObject({ made: 1, queued: 1 })
    await processor.shutdown()
    await other.processor.shutdown()
    expect(other.processor.stats()).toMatchObject({ made: 1, sent: 1 })
  } finally {
    diag.disable()
  }
})

it('hands over what is left when the process exits at once', async () => {
  const { McpcatSpanExporter } = await import('./index.js')
  const { readOtlp } = await import('./testing/read-otlp.js')
  const { gunzipSync } = await import('node:zlib')
  const exporter = new McpcatSpanExporter({ endpoint: 'http://127.0.0.1:9', apiKey: 'k', projectId: 'proj_1' })
  const processor = new McpcatSpanProcessor(exporter, { maxExportBatchSize: 4 })
  const tracer = tracerFor(processor)
  // Some on their way, some being made into a request, some waiting.
  for (let i = 0; i < 6; i++) traceCall(tracer, { content: { request: toolCall({ i, mail: 'a@b.io' }) } })
  for (let i = 0; i < 3; i++) await turn()
  traceCall(tracer)
  const requests = processor.takeOver()
  const spans = requests.flatMap(({ body }) => readOtlp(gunzipSync(body)))
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(7)
  expect(requests[0]).toMatchObject({
    url: 'http://127.0.0.1:9/v1/traces',
    headers: { authorization: 'Bearer k', 'content-encoding': 'gzip' },
  })
  expect(JSON.stringify(spans)).not.toContain('a@b.io')
  await processor.shutdown(10)
  await exporter.shutdown()
})

it('refuses options that make no sense', () => {
  const exporter = new InMemorySpanExporter()
  expect(() => new McpcatSpanProcessor(exporter, { maxQueueSize: 0 })).toThrow(RangeError)
  expect(() => new McpcatSpanProcessor(exporter, { content: 'all' as never })).toThrow(TypeError)
})
