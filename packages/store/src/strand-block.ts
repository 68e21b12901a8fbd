import type { BatchStrand } from './batch-strands.js'
import type { NativeBlock } from './native/native-block.js'
import { int64Column, stringColumn } from './native/columns.js'
import { lowCardinalityColumn } from './native/low-cardinality.js'
import { nativeBlock } from './native/native-block.js'
import { tupleColumn } from './native/nested.js'
import { scopesOf } from './strand-rows.js'

/** What strands say about their scopes, for the table `strands`, in the engine's own columns. */
export function strandBlock(strands: readonly BatchStrand[]): NativeBlock {
  const columns = {
    project: lowCardinalityColumn(),
    scope: stringColumn(),
    own_key: stringColumn(),
    rung: lowCardinalityColumn(),
    actor: stringColumn(),
    user_id: stringColumn(),
    client_name: lowCardinalityColumn(),
    first: tupleColumn({ start: int64Column(), event_id: stringColumn() }),
    last_end: int64Column(),
  }
  let rows = 0
  for (const { strand, ownKey, firstStart, firstEventId, lastEnd } of strands) {
    for (const scope of scopesOf(strand)) {
      columns.project.push(strand.project)
      columns.scope.push(scope)
      columns.own_key.push(ownKey)
      columns.rung.push(strand.rung)
      columns.actor.push(strand.actor)
      columns.user_id.push(strand.user)
      columns.client_name.push(strand.client)
      columns.first.push({ start: firstStart, event_id: firstEventId })
      columns.last_end.push(lastEnd)
      rows += 1
    }
  }
  return nativeBlock(columns, rows)
}
