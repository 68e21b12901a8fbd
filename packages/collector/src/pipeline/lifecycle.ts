import { setTimeout as delay } from 'node:timers/promises'
import type { Component, Endpoint, Host } from '../component.js'
import { UserError } from '../errors.js'
import { suggestion } from '../config/nearest.js'
import type { Node, Telemetry } from './graph.js'

export interface Lifecycle {
  /** @throws What the first component that failed threw, after those started before it have stopped. */
  start(): Promise<void>
  /** Idempotent: every call gives the same promise. Settles within the bound, and never rejects. */
  shutdown(): Promise<void>
  endpoints(): ServedEndpoint[]
}

export interface ServedEndpoint extends Endpoint {
  /** The id of the component that serves it. */
  readonly component: string
}

/** Starts nodes in the order given and stops them in reverse, all within `shutdownTimeoutMs`. */
export function createLifecycle(
  nodes: readonly Node[],
  { logger, health }: Telemetry,
  shutdownTimeoutMs: number,
): Lifecycle {
  const started: Node[] = []
  let stopping: Promise<void> | undefined

  const endpoints = (): ServedEndpoint[] =>
    started.flatMap(({ id, component }) =>
      (component.endpoints?.() ?? []).map((endpoint) => ({ ...endpoint, component: id })),
    )

  const host: Host = {
    health,
    endpoints,
    extension(id: string): Component {
      const node = nodes.find((candidate) => candidate.kind === 'extension' && candidate.id === id)
      if (node) return node.component
      const ids = nodes.filter((candidate) => candidate.kind === 'extension').map((candidate) => candidate.id)
      throw new UserError(`service.extensions does not list "${id}"${suggestion(id, ids)}`)
    },
  }

  async function stopAll(): Promise<void> {
    health.running = false
    const late = delay(shutdownTimeoutMs, 'late' as const, { ref: false })
    for (const { kind, id, component } of started.toReversed()) {
      try {
        // Past the deadline each still gets its call, without being waited for.
        const done = component.shutdown?.() ?? Promise.resolve()
        if ((await Promise.race([done, late])) === 'late') {
          done.catch((error: unknown) =>
            logger.debug({ err: error }, `${kind} ${id} failed after the stop had timed out`),
          )
          logger.warn(`${kind} ${id} did not stop within ${shutdownTimeoutMs} ms`)
        }
      } catch (error) {
        logger.error({ err: error }, `${kind} ${id} failed to stop`)
      }
    }
  }

  const shutdown = () => (stopping ??= stopAll())

  return {
    async start() {
      for (const node of nodes) {
        // A component whose start fails half-way is stopped as well: it may hold what it opened first.
        started.push(node)
        try {
          await node.component.start?.(host)
        } catch (error) {
          await shutdown()
          throw error
        }
      }
      health.running = true
    },
    shutdown,
    endpoints,
  }
}
