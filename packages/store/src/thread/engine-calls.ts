import type { BlockOptions, EngineForSessions, Parameters } from '../engine.js'
import type { NativeBlock } from '../native/native-block.js'
import type { Answers, Calls } from './calls.js'

/** What a thread without an engine may ask of the one that has it. */
export function engineAnswers(engine: EngineForSessions): Answers {
  return {
    // An insert of events takes longer than most of what sessions ask.
    query: (sql: string, parameters: Parameters) => engine.query(sql, parameters, { apart: true }),
    insertBlock: (table: string, block: NativeBlock, options: BlockOptions) =>
      engine.insertBlock(table, block, options),
  }
}

/** The engine of the other thread. */
export function engineBehind({ call }: Calls): EngineForSessions {
  return {
    exclusive: true,
    query: (sql, parameters = {}) => call('query', [sql, parameters]),
    insertBlock(table, { columns, rows, chunks }, options = {}) {
      // Copied once: the block is used again, and its buffers have room for more than it says.
      const bytes = joined(chunks)
      return call('insertBlock', [table, { columns, rows, chunks: [bytes] }, options], [bytes.buffer])
    },
  }
}

/** In memory of its own: small buffers of Node share theirs, and cannot be handed over. */
function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let length = 0
  for (const chunk of chunks) {
    bytes.set(chunk, length)
    length += chunk.length
  }
  return bytes
}
