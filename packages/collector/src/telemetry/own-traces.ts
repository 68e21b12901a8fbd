import { randomUUID } from 'node:crypto'
import { context, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { suppressTracing } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import type { Logger } from 'pino'
import { itemCount, signalOf, type Batch } from '../batch.js'
import type { Component } from '../component.js'
import { stringAttribute } from '../traces.js'
import type { Tracing } from './tracing.js'
import type { TracesTelemetryConfig } from './traces-config.js'

const INSTANCE = 'service.instance.id'

/**
 * The collector's own spans, through the SDK. Whatever part of them comes back to this collector,
 * from itself or from another that sends on, is worked on without further spans: otherwise each
 * would cause the next.
 */
export function createOwnTraces(config: TracesTelemetryConfig, logger: Logger): Tracing & Component {
  const instance = randomUUID()
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'mcpcat-collector', [INSTANCE]: instance }),
    spanProcessors: config.processors.map(
      ({ batch }) => new BatchSpanProcessor(reporting(exporterFor(batch.exporter.otlp), logger)),
    ),
  })
  const tracer = provider.getTracer('@mcpcat/collector')
  /** Ours, unless the host of this process has set one up. */
  const hasOwnContext = context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())

  function isOwn(batch: Batch): boolean {
    return (
      !('signal' in batch) &&
      batch.resourceSpans.length > 0 &&
      batch.resourceSpans.every(({ resource }) => stringAttribute(resource.attributes, INSTANCE) === instance)
    )
  }

  return {
    here: () => trace.getActiveSpan()?.spanContext(),
    around({ kind, id }, batch, work, queued) {
      if (isOwn(batch)) return context.with(suppressTracing(context.active()), work)
      const attributes = {
        [kind === 'pipeline' ? 'otelcol.pipeline.id' : 'otelcol.component.id']: id,
        ...(kind !== 'pipeline' && { 'otelcol.component.kind': kind }),
        'otelcol.signal': signalOf(batch),
        items: itemCount(batch),
      }
      const links = queued?.origin ? [{ context: queued.origin }] : []
      const parent = queued ? ROOT_CONTEXT : context.active()
      return tracer.startActiveSpan(`${kind}/${id}`, { attributes, links }, parent, async (span) => {
        try {
          return await work()
        } catch (error) {
          span.recordException(error as Error)
          span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message })
          throw error
        } finally {
          span.end()
        }
      })
    },
    async shutdown(giveUp) {
      const late = new Promise<void>((resolve) => {
        giveUp?.addEventListener('abort', () => resolve())
      })
      await Promise.race([provider.shutdown(), late])
      if (hasOwnContext) context.disable()
    },
  }
}

function exporterFor({ endpoint, headers }: { endpoint: string; headers: Record<string, string> }): SpanExporter {
  const url = new URL(endpoint)
  // As in otelcol: a URL without a path is a base URL.
  if (url.pathname === '/') url.pathname = '/v1/traces'
  return new OTLPTraceExporter({ url: url.href, headers })
}

/** The SDK tells only its own log of what cannot be sent; ours hears of it when it begins, and when it is over. */
function reporting(exporter: SpanExporter, logger: Logger): SpanExporter {
  let failing = false
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error && !failing) logger.warn({ reason: result.error.message }, 'own spans cannot be sent')
        if (!result.error && failing) logger.info('own spans are sent again')
        failing = result.error !== undefined
        done(result)
      })
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  }
}
