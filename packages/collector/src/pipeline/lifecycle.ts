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

/** Of the time for the stop, the share after which components let go of what they still hold. */
const GIVE_UP_SHARE = 0.8

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
    const giveUp = AbortSignal.timeout(Math.ceil(shutdownTimeoutMs * GIVE_UP_SHARE))

    async function stop({ kind, id, component }: Node): Promise<void> {
      try {
        // Past the deadline each still gets its call, without being waited for.
        const done = component.shutdown?.(giveUp) ?? Promise.resolve()
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

    for (const group of stopGroups(started.toReversed())) await Promise.all(group.map(stop))
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
      for (const { component } of nodes) await component.running?.(host)
    },
    shutdown,
    endpoints,
  }
}

/** Receivers stop side by side, and so do exporters: one that hangs must not use up the time of the others. */
function stopGroups(nodes: readonly Node[]): Node[][] {
  const groups: Node[][] = []
  for (const node of nodes) {
    const last = groups.at(-1)
    const together = node.kind === 'receiver' || node.kind === 'exporter'
    if (together && last?.[0]?.kind === node.kind) last.push(node)
    else groups.push([node])
  }
  return groups
}
