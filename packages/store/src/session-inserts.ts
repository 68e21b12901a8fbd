import type { BatchStrand } from './batch-strands.js'
import type { Engine } from './engine.js'
import type { SessionBlock } from './session-block.js'
import { sessionBlock } from './session-block.js'
import type { SessionRow } from './session-rows.js'
import { strandBlock } from './strand-block.js'

/** Resolves when what strands say about their scopes is on disk; of stateless ones there is nothing to say. */
export async function insertStrands(engine: Engine, strands: readonly BatchStrand[]): Promise<void> {
  const block = strandBlock(strands)
  if (block.rows > 0) await engine.insertBlock('strands', block)
}

/** Resolves when the rows are on disk, all of them visible at once. */
export async function insertSessions(engine: Engine, rows: readonly SessionRow[]): Promise<void> {
  if (rows.length === 0) return
  // Its buffers are used again, unless the rows were uncommonly many.
  const block = spare ?? sessionBlock()
  spare = undefined
  await engine.insertBlock('sessions', block.of(rows), { lateIndexes: ['search_text'] })
  if (block.bytes <= MOST_KEPT_BYTES) spare = block
}

let spare: SessionBlock | undefined
const MOST_KEPT_BYTES = 32 * 1024 * 1024
