import type { PeriodFilter, StoreReader } from '@mcpcat/store'
import type { Context } from 'hono'
import { z } from 'zod'
import { filterShape, limitOf, pageShape, projectShape, read, time } from './parameters.js'
import type { FilterQuery, PageQuery, ProjectQuery } from './parameters.js'
import { resolveProject } from './projects.js'
import { parseTime } from './time.js'

/** What every read of a period takes. */
export interface PeriodQuery extends ProjectQuery, FilterQuery {
  /** ISO 8601, `now`, or relative. */
  from: string
  to: string
}

const rangeShape: { from: z.ZodType<string, string | undefined>; to: z.ZodType<string, string | undefined> } = {
  from: time.default('-24h').describe('Of the period [from, to): ISO 8601, `now`, or relative like -24h.'),
  to: time.default('now').describe('As `from`.'),
}

export const periodShape: typeof projectShape & typeof rangeShape & typeof filterShape = {
  ...projectShape,
  ...rangeShape,
  ...filterShape,
}

export const periodParameters: z.ZodObject = z.strictObject(periodShape)
export const periodListParameters: z.ZodObject = z.strictObject({ ...periodShape, limit: limitOf(200) })
export const periodPageParameters: z.ZodObject = z.strictObject({ ...periodShape, ...pageShape(200) })

export function readPeriod(context: Context): PeriodQuery {
  return read(context, periodParameters) as unknown as PeriodQuery
}

export function readPeriodList(context: Context): PeriodQuery & { limit: number } {
  return read(context, periodListParameters) as unknown as PeriodQuery & { limit: number }
}

export function readPeriodPage(context: Context): PeriodQuery & PageQuery {
  return read(context, periodPageParameters) as unknown as PeriodQuery & PageQuery
}

/** The filter that a query means, with its times as of now. */
export async function filterOf(reader: StoreReader, query: PeriodQuery): Promise<PeriodFilter> {
  const now = Date.now()
  const { server, client, tool, user, identified, status, goal, source, q, tags } = query
  return {
    project: await resolveProject(reader, query.project),
    // Checked before: they are times.
    from: parseTime(query.from, now) ?? '',
    to: parseTime(query.to, now) ?? '',
    ...defined({ server, client, tool, user, identified, status, goal, source, q, tags }),
  }
}

type Defined<Given> = { [Key in keyof Given]?: Exclude<Given[Key], undefined> }

/** Without the keys that hold undefined, which an optional property must not hold. */
export function defined<Given extends object>(given: Given): Defined<Given> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<Given>
}
