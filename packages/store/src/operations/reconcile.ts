import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import { refreshSessions } from '../sessionizer.js'
import { sql } from '../sql-files.js'
import type { BatchStrand } from '../batch-strands.js'
import type { StrandRow } from '../strand-rows.js'
import type { Listing } from '../tool-definitions.js'
import { definitionRows } from '../tool-definitions.js'

/** How many strands are recomputed together. */
const CHUNK = 1000

/**
 * Recomputes the sessions of every event ingested since a time, from the events alone; of all events
 * when none is given. What was right stays untouched, so it may be repeated and cut off at will.
 *
 * @param sinceMs milliseconds since the epoch, by the engine's clock at ingestion.
 * @param progress called with strands done and strands in all.
 */
export async function reconcile(
  engine: Engine,
  rules: SessionRules,
  sinceMs = 0,
  progress: (done: number, total: number) => void = () => undefined,
): Promise<void> {
  await rebuildStrands(engine, rules, sinceMs, [])
  await rebuildToolDefinitions(engine, sinceMs)
  const rows = await engine.query<IngestedStrandRow>(sql('strands-ingested-since'), {
    since: BigInt(sinceMs),
    users: linksUsers(rules),
  })
  for (let done = 0; done < rows.length;) {
    const project = (rows[done] as IngestedStrandRow).project
    const chunk: BatchStrand[] = []
    for (let row = rows[done]; row?.project === project && chunk.length < CHUNK; row = rows[done + chunk.length]) {
      chunk.push(batchStrand(row))
    }
    await refreshSessions(engine, project, chunk, rules)
    done += chunk.length
    progress(done, rows.length)
  }
}

/** Says again what the events since a time of ingestion say of their scopes; of the given scopes, when there are any. */
export async function rebuildStrands(
  engine: Engine,
  rules: SessionRules,
  sinceMs: number,
  scopes: readonly string[],
): Promise<void> {
  await engine.command(sql('strands-from-events'), { since: BigInt(sinceMs), users: linksUsers(rules), scopes })
}

/** Says again what the answers to `tools/list` since a time of ingestion say. */
async function rebuildToolDefinitions(engine: Engine, sinceMs: number): Promise<void> {
  const listings = await engine.query<Listing>(sql('listed-tools-ingested-since'), { since: BigInt(sinceMs) })
  const rows = listings.flatMap(definitionRows)
  if (rows.length > 0) await engine.insert('tool_definitions', rows.map((row) => JSON.stringify(row)).join('\n'))
}

function linksUsers(rules: SessionRules): boolean {
  return rules.ladder.some((rung) => rung.kind === 'user')
}

interface IngestedStrandRow extends StrandRow {
  project: string
  raw: string
}

function batchStrand(row: IngestedStrandRow): BatchStrand {
  return {
    strand: {
      project: row.project,
      scope: row.scope,
      raw: row.raw,
      rung: row.rung,
      actor: row.actor,
      user: row.user_id,
      client: row.client_name,
    },
    ownKey: row.own_key,
    firstStart: BigInt(row.first_start),
    firstEventId: row.first_event_id,
    lastEnd: BigInt(row.last_end_ns),
  }
}
