import { z } from 'zod'
import { SIGNALS } from '../batch.js'
import type { ExporterFactory } from '../component.js'
import { recordingConsumer, type RecordingConsumer } from './recording-consumer.js'

export interface MemoryExporter extends RecordingConsumer {
  readonly factory: ExporterFactory<Record<string, never>>
}

/** An exporter of type `memory` that keeps what it is given, and fails when told to. */
export function memoryExporter(type = 'memory'): MemoryExporter {
  const consumer = recordingConsumer()
  const factory: MemoryExporter['factory'] = {
    kind: 'exporter',
    type,
    signals: SIGNALS,
    description: 'Keeps what it is given, for tests',
    configSchema: z.strictObject({}),
    create: () => ({
      consumeTraces: (traces) => consumer.consumeTraces(traces),
      consumePayload: (payload) => consumer.consumePayload(payload),
    }),
  }
  return Object.assign(consumer, { factory })
}
