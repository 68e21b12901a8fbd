import { pino } from 'pino'
import { SIGNALS } from '../batch.js'
import type { Component, Host, PipelineContext } from '../component.js'
import { createHealth } from '../telemetry/health.js'
import { createMetrics } from '../telemetry/metrics.js'
import { noTracing } from '../telemetry/tracing.js'

/** What a component is given, for tests: it logs nothing, its metrics go nowhere, every signal comes through. */
export function testContext(id: string): PipelineContext {
  return {
    id,
    logger: pino({ level: 'silent' }),
    metrics: createMetrics().scoped({}),
    reportProblem: () => undefined,
    signals: SIGNALS,
    tracing: noTracing,
  }
}

/** A host with these extensions, by id. */
export function testHost(extensions: Readonly<Record<string, Component>> = {}): Host {
  return {
    health: createHealth(),
    endpoints: () => Object.values(extensions).flatMap((component) => component.endpoints?.() ?? []),
    extension(id) {
      const found = extensions[id]
      if (!found) throw new Error(`the test has no extension ${id}`)
      return found
    },
  }
}
