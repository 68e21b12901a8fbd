import { UserError } from '@mcpcat/collector'
import type { SessionRules } from '@mcpcat/sessions'
import type { Engine } from '../engine.js'
import { sql } from '../sql-files.js'
import { reconcile } from './reconcile.js'

/** Every table of the store, in the order in which they are moved, and a column by which its rows are dealt out. */
const TABLES: readonly { readonly table: string; readonly column: string }[] = [
  { table: 'events', column: 'event_id' },
  { table: 'strands', column: 'scope' },
  { table: 'sessions', column: 'session_id' },
  { table: 'session_goals', column: 'session_id' },
  { table: 'issue_status', column: 'issue' },
  { table: 'issue_redirects', column: 'fingerprint' },
  { table: 'tool_definitions', column: 'tool' },
]

export interface MoveOptions {
  /** The target may have other data, which stays. Default false. */
  readonly merge?: boolean
  /** Called with rows that are there and rows in all. */
  readonly progress?: (done: number, total: number) => void
}

/** Of one table: rows of the source, and how many the target has now. */
export interface MovedTable {
  readonly table: string
  readonly source: number
  readonly target: number
}

/** Rows of a table that are moved together: those of a project, and of a day where days are many. */
interface Slice {
  readonly table: string
  readonly column: string
  readonly project: string
  readonly day: string
  readonly rows: number
  readonly bytes: number
}

/**
 * Copies all that one store has into another, which has the same schema. A move that was cut off is
 * taken up by doing it again: slices that are there in full are passed over, and rows that are sent
 * twice deduplicate. The source is only read.
 *
 * @throws UserError when the target has other data and `merge` is not set, or lacks rows in the end.
 */
export async function move(
  source: Engine,
  target: Engine,
  rules: SessionRules,
  { merge = false, progress = () => undefined }: MoveOptions = {},
): Promise<MovedTable[]> {
  const slices = await allSlices(source)
  const there = countsById(await allSlices(target))
  if (!merge) refuseOthers(slices, there)
  const total = slices.reduce((sum, { rows }) => sum + rows, 0)
  let done = 0
  for (const slice of slices) {
    if (merge || there.get(idOf(slice)) !== slice.rows) {
      await copy(source, target, slice, (rows) => progress(done + rows, total))
    }
    done += slice.rows
    progress(done, total)
  }
  // Where both had events of one conversation, its sessions are others now.
  if (merge) await reconcile(target, rules)
  return report(slices, await allSlices(target), merge)
}

/** What one request carries: rows, and bytes of content. */
const ROWS_AT_ONCE = 10_000
const BYTES_AT_ONCE = 16 * 1024 * 1024

async function copy(source: Engine, target: Engine, slice: Slice, copied: (rows: number) => void): Promise<void> {
  const { table, column, project, day } = slice
  const shares = Math.max(Math.ceil(slice.rows / ROWS_AT_ONCE), Math.ceil(slice.bytes / BYTES_AT_ONCE), 1)
  for (let share = 0; share < shares; share++) {
    const rows = await (table === 'events'
      ? source.query<unknown>(sql('move/read-events'), { project, day, shares, share })
      : source.query<unknown>(sql('move/read-rows'), { table, column, project, shares, share }))
    if (rows.length > 0) await target.insert(table, rows.map((row) => JSON.stringify(row)).join('\n'))
    copied(Math.round((slice.rows * (share + 1)) / shares))
  }
}

async function allSlices(engine: Engine): Promise<Slice[]> {
  const slices: Slice[] = []
  for (const { table, column } of TABLES) {
    const counted =
      table === 'events'
        ? await engine.query<CountedSlice>(sql('move/count-events'))
        : await engine.query<CountedSlice>(sql('move/count-rows'), { table })
    for (const { project, day, row_count: rows, content_bytes: bytes } of counted) {
      slices.push({ table, column, project, day, rows: Number(rows), bytes: Number(bytes) })
    }
  }
  return slices
}

interface CountedSlice {
  project: string
  day: string
  row_count: string
  content_bytes: string
}

function idOf({ table, project, day }: Slice): string {
  return JSON.stringify([table, project, day])
}

function countsById(slices: readonly Slice[]): Map<string, number> {
  return new Map(slices.map((slice) => [idOf(slice), slice.rows]))
}

function refuseOthers(slices: readonly Slice[], there: ReadonlyMap<string, number>): void {
  const here = countsById(slices)
  const other = [...there].find(([id, rows]) => rows > (here.get(id) ?? 0))
  if (!other) return
  const [table = '', project = '', day = ''] = JSON.parse(other[0]) as string[]
  throw new UserError(
    `the target has data of its own (${table} of project ${project}${day === '' ? '' : ` of ${day}`}): ` +
      'name a database that has none, or add what is here to it with --merge',
  )
}

function report(slices: readonly Slice[], after: readonly Slice[], merge: boolean): MovedTable[] {
  const rowsOf = (all: readonly Slice[], name: string): number =>
    all.reduce((sum, { table, rows }) => sum + (table === name ? rows : 0), 0)
  const counts = countsById(after)
  const wrong = slices.find((slice) => {
    const rows = counts.get(idOf(slice)) ?? 0
    // Sessions that both had parts of are fewer than the two had.
    return merge ? slice.table === 'events' && rows < slice.rows : rows !== slice.rows
  })
  if (wrong) {
    throw new UserError(
      `of ${wrong.rows} rows of ${wrong.table} of project ${wrong.project} the target has ` +
        `${counts.get(idOf(wrong)) ?? 0}: was something written meanwhile? Move again`,
    )
  }
  return TABLES.map(({ table }) => ({ table, source: rowsOf(slices, table), target: rowsOf(after, table) }))
}
