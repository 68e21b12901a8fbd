import type { BatchStrand } from './batch-strands.js'
import type { Engine } from './engine.js'
import type { SessionBlock } from './session-block.js'
import { sessionBlock } from './session-block.js'
import type { SessionRow } from './session-rows.js'
import { sessionJson } from './session-rows.js'
import { strandBlock } from './strand-block.js'
import { strandRows } from './strand-rows.js'

/** Resolves when what strands say about their scopes is on disk; of stateless ones there is nothing to say. */
export async function insertStrands(engine: Engine, strands: readonly BatchStrand[]): Promise<void> {
  if (engine.insertBlock) {
    const block = strandBlock(strands)
    if (block.rows > 0) await engine.insertBlock('strands', block)
    return
  }
  const rows = strandRows(strands)
  if (rows !== '') await engine.insert('strands', rows)
}

/** Resolves when the rows are on disk, all of them visible at once. */
export async function insertSessions(engine: Engine, rows: readonly SessionRow[]): Promise<void> {
  if (rows.length === 0) return
  if (!engine.insertBlock) {
    await engine.insert('sessions', rows.map(sessionJson).join('\n'))
    return
  }
  // Its buffers are used again, unless the rows were uncommonly many.
  const block = spare ?? sessionBlock()
  spare = undefined
  await engine.insertBlock('sessions', block.of(rows), { lateIndexes: ['search_text'] })
  if (block.bytes <= MOST_KEPT_BYTES) spare = block
}

let spare: SessionBlock | undefined
const MOST_KEPT_BYTES = 32 * 1024 * 1024
