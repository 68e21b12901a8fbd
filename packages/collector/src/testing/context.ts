import { pino } from 'pino'
import type { Component, ComponentContext, Host } from '../component.js'
import { createHealth } from '../telemetry/health.js'
import { createMetrics } from '../telemetry/metrics.js'

/** What a component is given, for tests: it logs nothing, and its metrics go nowhere. */
export function testContext(id: string): ComponentContext {
  return {
    id,
    logger: pino({ level: 'silent' }),
    metrics: createMetrics().scoped({}),
    reportProblem: () => undefined,
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
