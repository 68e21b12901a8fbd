import type { KnownStrand } from '@mcpcat/sessions'
import type { Pairs } from './native/maps.js'

/** What sessions say of an event: of its columns, those that are small. */
export interface EventFacts {
  /** The same object for events of one strand that are near. */
  readonly known: KnownStrand
  readonly ownKey: string
  readonly eventId: string
  /** Nanoseconds, within what the engine's times can hold. */
  readonly start: bigint
  readonly end: bigint
  readonly columns: CountedColumns
}

/** Columns of `events`; absent text is empty. */
export interface CountedColumns {
  readonly method: string
  readonly target: string
  readonly is_error: boolean
  readonly is_missing_tool: boolean
  readonly mcp_session_id: string
  readonly intent: string
  readonly user_id: string
  readonly user_name: string
  readonly user_traits: Pairs
  readonly client_name: string
  readonly client_version: string
  readonly server_name: string
  readonly server_version: string
  readonly protocol_version: string
  readonly transport: string
}
