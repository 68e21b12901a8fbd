import type { BatchStrand } from './batch-strands.js'
import type { EngineForSessions } from './engine.js'
import type { SessionRows } from './session-rows.js'
import { sessionRows } from './session-rows.js'
import { strandBlock } from './strand-block.js'

/** Resolves when what strands say about their scopes is on disk; of stateless ones there is nothing to say. */
export async function insertStrands(engine: EngineForSessions, strands: readonly BatchStrand[]): Promise<void> {
  const block = strandBlock(strands)
  if (block.rows > 0) await engine.insertBlock('strands', block, { apart: true })
}

/** Resolves when the rows are on disk, all of them visible at once. */
export async function insertSessions(engine: EngineForSessions, rows: SessionRows): Promise<void> {
  if (rows.written.length > 0) {
    await engine.insertBlock('sessions', rows.block(), { lateIndexes: ['search_text'], apart: true })
  }
}

/** Runs a task that tells sessions; what it told them into is used again, unless they were uncommonly many. */
export async function withSessionRows<T>(task: (rows: SessionRows) => Promise<T>): Promise<T> {
  const rows = spare ?? sessionRows()
  spare = undefined
  try {
    return await task(rows)
  } finally {
    if (rows.bytes <= MOST_KEPT_BYTES) {
      rows.clear()
      spare = rows
    }
  }
}

let spare: SessionRows | undefined
const MOST_KEPT_BYTES = 32 * 1024 * 1024
