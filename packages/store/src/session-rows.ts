import type { AssembledSession, SessionKey } from '@mcpcat/sessions'
import type { CountedFragment } from './counted-fragment.js'
import type { KnownSession } from './known-session.js'
import { nextVersion } from './known-session.js'
import type { NativeBlock } from './native/native-block.js'
import { sessionBlock } from './session-block.js'
import type { SessionColumns } from './session-columns.js'
import { sessionColumns, tellSession, tellSuperseded } from './session-columns.js'
import { contentHash } from './session-hash.js'

/** A row that is told, as it will be known when it is in the table. */
export interface WrittenSession {
  readonly known: KnownSession
  /** Empty while it is a session. */
  readonly supersededBy: string
}

/** A session as the events give it now. */
export interface LiveSession {
  readonly assembled: AssembledSession<CountedFragment>
  readonly key: SessionKey
  /** Deduplicated events of its island. */
  readonly islandEvents: number
}

/** Rows for the table `sessions`: those that say something else than the rows before them. */
export interface SessionRows {
  readonly written: readonly WrittenSession[]
  /** Of the rows. */
  readonly bytes: number
  /**
   * Tells a session.
   *
   * @param before what the table says of it.
   */
  tell(project: string, session: LiveSession, supersedes: readonly string[], before: KnownSession | undefined): void
  /** Tells of what is no session any more what it is part of now, if of anything. */
  tellGone(project: string, gone: KnownSession, successor: LiveSession | undefined): void
  /** What was told; valid until {@link clear}. */
  block(): NativeBlock
  clear(): void
}

export function sessionRows(): SessionRows {
  const block = sessionBlock()
  // Each row is put together here, and goes into the engine's columns from here.
  const row = sessionColumns()
  let written: WrittenSession[] = []

  function push(before: KnownSession | undefined, islandEvents: number): void {
    const hash = contentHash(row)
    if (before?.content_hash === hash) return
    const known = knownOf(row, hash, nextVersion(before, islandEvents))
    block.push(row, hash, known.version)
    written.push({ known, supersededBy: row.superseded_by })
  }

  return {
    get written() {
      return written
    },
    get bytes() {
      return block.bytes
    },
    tell(project, { assembled, key, islandEvents }, supersedes, before) {
      tellSession(row, project, key, assembled, supersedes)
      push(before, islandEvents)
    },
    tellGone(project, gone, successor) {
      tellSuperseded(row, project, gone, successor?.assembled.id ?? '')
      push(gone, successor?.islandEvents ?? 0)
    },
    block: () => block.block(),
    clear() {
      block.clear()
      written = []
    },
  }
}

function knownOf(row: SessionColumns, hash: string, version: bigint): KnownSession {
  return {
    session_id: row.session_id,
    key: row.key,
    version,
    content_hash: hash,
    start: row.start,
    end: row.end,
    first_event_id: row.first_event_id,
    first_own_key: row.first_own_key,
    first_scope: row.first_scope,
  }
}
