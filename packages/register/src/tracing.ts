import { context, propagation, trace } from '@opentelemetry/api'
import { McpcatSpanExporter, McpcatSpanProcessor } from '@mcpcat/exporter'
import { settleWaitingSpans } from '@mcpcat/instrumentation-mcp'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, BatchSpanProcessor, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base'
import { Activity } from './activity.js'
import { ConsoleExporter } from './console-exporter.js'
import type { DoctorReport } from './doctor/report.js'
import { composePropagator } from './environment/propagator.js'
import { describeProcess } from './environment/resource.js'
import type { McpcatPath, Settings } from './environment/settings.js'
import { exitLimitMillis, flushAtExit } from './exit/flush-at-exit.js'
import type { Flushable } from './exit/flush-at-exit.js'
import { standardConfig } from './standard/standard-config.js'
import type { OtlpProtocol } from './standard/standard-config.js'
import { StandardExporter } from './standard/standard-exporter.js'

/** One way out of the process, and how it ends. */
interface Path extends Flushable {
  readonly processor: SpanProcessor
}

/** Makes and registers the global TracerProvider that the environment asks for, if it asks for any. */
export function startTracing(settings: Settings, serverName: string | undefined, report?: DoctorReport): void {
  const paths: Path[] = []
  if (settings.standard) paths.push(standardPath(settings.standard.protocol))
  if (settings.mcpcat) paths.push(mcpcatPath(settings.mcpcat, settings.projectId))
  const console = settings.console ? [new SimpleSpanProcessor(new ConsoleExporter())] : []
  if (paths.length + console.length === 0) return

  const all = everyOne(paths)
  const activity = new Activity({
    onStdioServer: () => flushAtStdinEnd(all),
    ...(report && { onEnded: (name) => report({ event: 'span', name }) }),
  })
  const provider = new BasicTracerProvider({
    resource: describeProcess(serverName, settings.resourceDetectors),
    spanProcessors: [activity, ...console, ...paths.map((path) => path.processor)],
  })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(composePropagator(settings.propagators))
  flushAtExit(all, () => activity.unflushed())
}

function standardPath(protocol: OtlpProtocol): Path {
  const exporter = new StandardExporter(standardConfig(protocol))
  const processor = new BatchSpanProcessor(exporter)
  return {
    processor,
    flush: async () => {
      await processor.forceFlush()
      await exporter.forceFlush()
    },
    finish: async () => {
      await processor.forceFlush()
      await exporter.finish()
    },
    abandon: () => exporter.abandon(),
    // The processor hands its spans to the exporter before forceFlush returns.
    takeOver: () => exporter.takeOver(() => void processor.forceFlush()),
  }
}

function mcpcatPath(path: McpcatPath, projectId: string | undefined): Path {
  const exporter = new McpcatSpanExporter({
    ...(path.protocol === 'events' ? { apiUrl: path.url } : { endpoint: path.url }),
    ...(projectId !== undefined && { projectId }),
    ...(path.apiKey !== undefined && { apiKey: path.apiKey }),
  })
  const processor = new McpcatSpanProcessor(exporter)
  return {
    processor,
    // The time limit of a flush holds the process, so it is ours.
    flush: () => processor.forceFlush(exitLimitMillis),
    finish: () => processor.forceFlush(exitLimitMillis),
    // None of its timers and sockets keeps the process alive.
    abandon: () => undefined,
    takeOver: () => processor.takeOver(),
  }
}

/**
 * Several paths as one; none waits for another, and none fails another. For the last time, the spans
 * that still wait for a hook of the user's go without what it would have said.
 */
function everyOne(paths: readonly Path[]): Flushable {
  return {
    flush: async () => void (await Promise.allSettled(paths.map((path) => path.flush()))),
    finish: async () => {
      settleWaitingSpans()
      await Promise.allSettled(paths.map((path) => path.finish()))
    },
    abandon: () => paths.forEach((path) => path.abandon()),
    takeOver: () => {
      settleWaitingSpans()
      return paths.flatMap((path) => path.takeOver())
    },
  }
}

/** A client that ends a stdio server ends its stdin first, and kills it soon after. */
function flushAtStdinEnd(target: Flushable): void {
  process.stdin.once('end', () => void target.flush().catch(() => undefined))
}
