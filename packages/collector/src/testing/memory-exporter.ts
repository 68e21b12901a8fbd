import { z } from 'zod'
import type { ExporterFactory } from '../component.js'
import type { Span, Traces } from '../traces.js'

export interface MemoryExporter {
  readonly factory: ExporterFactory<Record<string, never>>
  /** What has arrived, in order. */
  readonly batches: readonly Traces[]
  readonly spans: readonly Span[]
  /** What the next batches meet: an error to reject with, a promise to wait for, or nothing. */
  behaviour: () => Promise<void> | void
}

/** An exporter of type `memory` that keeps what it is given, and fails when told to. */
export function memoryExporter(type = 'memory'): MemoryExporter {
  const batches: Traces[] = []
  const exporter: MemoryExporter = {
    factory: {
      kind: 'exporter',
      type,
      description: 'Keeps what it is given, for tests',
      configSchema: z.strictObject({}),
      create: () => ({
        async consumeTraces(traces) {
          await exporter.behaviour()
          batches.push(traces)
        },
      }),
    },
    batches,
    get spans() {
      return batches.flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      )
    },
    behaviour: () => undefined,
  }
  return exporter
}
