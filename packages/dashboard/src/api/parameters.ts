import { SESSION_SOURCES } from '@mcpcat/semconv'
import type { SessionSource } from '@mcpcat/semconv'
import type { SessionSort } from '@mcpcat/store'
import type { Context } from 'hono'
import { z } from 'zod'
import { RequestError } from './errors.js'
import { parseTime } from './time.js'

export interface ProjectQuery {
  project?: string | undefined
}

export interface PageQuery extends ProjectQuery {
  limit: number
  cursor?: string | undefined
}

export interface SessionListQuery extends PageQuery, FilterQuery {
  /** ISO 8601, `now`, or relative. */
  from: string
  to: string
  sort: SessionSort
}

/** What chooses sessions and events. */
export interface FilterQuery {
  server?: string | undefined
  client?: string | undefined
  tool?: string | undefined
  user?: string | undefined
  identified?: boolean | undefined
  status?: 'error' | 'ok' | undefined
  goal?: string | undefined
  source?: SessionSource | undefined
  q?: string | undefined
  tags?: Record<string, string> | undefined
}

export const text: z.ZodString = z.string().min(1, 'must not be empty').max(512, 'must have at most 512 characters')

export const time: z.ZodString = text.refine(
  (value) => parseTime(value, 0) !== null,
  'must be ISO 8601, `now`, or relative like -24h',
)

export const filterShape: {
  readonly [Name in keyof Required<FilterQuery>]: z.ZodType<FilterQuery[Name]>
} = {
  server: text.optional().describe('Server name.'),
  client: text.optional().describe('Client name.'),
  tool: text.optional().describe('Calls of this tool, sessions that have one.'),
  user: text.optional().describe('User id.'),
  identified: z
    .enum(['true', 'false'], 'must be `true` or `false`')
    .transform((value) => value === 'true')
    .optional()
    .describe('With a user, or anonymous.'),
  status: z.enum(['error', 'ok'], 'must be `error` or `ok`').optional().describe('With errors, or without.'),
  goal: text.optional().describe('Id of the goal that sessions were given.'),
  source: z
    .enum(SESSION_SOURCES, `must be one of ${SESSION_SOURCES.join(', ')}`)
    .optional()
    .describe('How the session was put together.'),
  q: text.optional().describe('Words searched in intents, tools, client and user.'),
  tags: z.record(text, text).optional().describe('Each as a parameter of its own: `tag.<key>=<value>`.'),
}

export const projectShape: { project: z.ZodOptional<z.ZodString> } = {
  project: text.optional().describe('Project id. Default: the first project of the store.'),
}

export function limitOf(most: number): z.ZodType<number, string | undefined> {
  return z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .default('50')
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, `must be between 1 and ${most}`)
    .describe(`Items, 1 to ${most}.`)
}

export function pageShape(most: number): typeof projectShape & {
  limit: z.ZodType<number, string | undefined>
  cursor: z.ZodOptional<z.ZodString>
} {
  return {
    ...projectShape,
    limit: limitOf(most),
    cursor: z
      .string()
      .min(1, 'must not be empty')
      .max(2048, 'is too long')
      .optional()
      .describe('`nextCursor` of the page before.'),
  }
}

const sessionListShape = {
  ...pageShape(200),
  ...filterShape,
  from: time.default('-7d').describe('Sessions that reach into [from, to): ISO 8601, `now`, or relative like -24h.'),
  to: time.default('now').describe('As `from`.'),
  sort: z.enum(['start', 'activity', 'duration'], 'must be `start`, `activity` or `duration`').default('start'),
}

export const noParameters: z.ZodObject = z.strictObject({})
export const projectParameters: z.ZodObject = z.strictObject(projectShape)
/** Events of a list are small, and a session is read whole: larger pages. */
export const eventListParameters: z.ZodObject = z.strictObject(pageShape(1000))
export const sessionListParameters: z.ZodObject = z.strictObject(sessionListShape)

export function readNothing(context: Context): void {
  read(context, noParameters)
}

export function readProjectQuery(context: Context): ProjectQuery {
  return read(context, projectParameters)
}

export function readPageQuery(context: Context): PageQuery {
  return read(context, eventListParameters) as unknown as PageQuery
}

export function readSessionListQuery(context: Context): SessionListQuery {
  return read(context, sessionListParameters) as unknown as SessionListQuery
}

/** @throws RequestError naming the first parameter that is wrong */
export function read(context: Context, schema: z.ZodObject): Record<string, unknown> {
  const given: Record<string, unknown> = {}
  const tags: Record<string, string> = {}
  const takesTags = 'tags' in schema.shape
  for (const [name, values] of Object.entries(context.req.queries())) {
    if (values.length > 1) throw badParameter(name, 'is given more than once')
    const tag = takesTags ? /^tag\.(.+)$/s.exec(name)?.[1] : undefined
    if (takesTags && name === 'tags')
      throw badParameter(name, 'is not a parameter of its own', 'Use `tag.<key>=<value>`.')
    if (tag === undefined) given[name] = values[0] ?? ''
    else tags[tag] = values[0] ?? ''
  }
  if (Object.keys(tags).length > 0) given['tags'] = tags
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  if (issue?.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape)
    throw badParameter(
      issue.keys[0] ?? '',
      'is not a parameter of this endpoint',
      known.length > 0 ? `It takes ${known.join(', ')}.` : 'It takes none.',
    )
  }
  const [name, key] = issue?.path ?? []
  throw badParameter(name === 'tags' ? `tag.${String(key)}` : String(name ?? ''), issue?.message ?? 'is not valid')
}

function badParameter(parameter: string, problem: string, hint?: string): RequestError {
  return new RequestError({
    code: 'bad_request',
    message: `Parameter \`${parameter}\` ${problem}.`,
    parameter,
    ...(hint === undefined ? {} : { hint }),
  })
}
