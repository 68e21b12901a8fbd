import type { Engine } from '../engine.js'
import { sql } from '../sql-files.js'

export interface RetentionRules {
  /** Days that a project's events are kept; absent: for ever. */
  readonly days?: number | undefined
  /** Projects that differ. */
  readonly projects: Readonly<Record<string, { readonly days: number }>>
}

/**
 * Deletes what is older than its project keeps: sessions that ended before the cutoff, with their
 * events. A session that goes on after it stays whole.
 *
 * @param now milliseconds since the epoch.
 */
export async function applyRetention(
  engine: Engine,
  projects: readonly string[],
  rules: RetentionRules,
  now: number,
): Promise<void> {
  for (const project of projects) {
    const days = rules.projects[project]?.days ?? rules.days
    if (days === undefined) continue
    const cutoff = BigInt(Math.floor(now - days * 86_400_000))
    await engine.command(sql('expire-events'), { project, cutoff })
    await engine.command(sql('expire-sessions'), { project, cutoff })
    await engine.command(sql('expire-strands'), { project, cutoff })
  }
}
