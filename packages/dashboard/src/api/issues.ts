import type { IssueSort, IssueStatus, IssueWrites, StoreReader } from '@mcpcat/store'
import { ISSUE_STATUSES } from '@mcpcat/store'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { z } from 'zod'
import { RequestError } from './errors.js'
import { pageShape, read, readProjectQuery } from './parameters.js'
import type { PageQuery } from './parameters.js'
import { defined, filterOf, periodShape } from './period.js'
import type { PeriodQuery } from './period.js'
import { resolveProject } from './projects.js'

const { status: _, ...issuePeriodShape } = periodShape

export const issueParameters: z.ZodObject = z.strictObject(issuePeriodShape)
export const issueListParameters: z.ZodObject = z.strictObject({
  ...issuePeriodShape,
  ...pageShape(200),
  status: z
    .enum(ISSUE_STATUSES, `must be one of ${ISSUE_STATUSES.join(', ')}`)
    .optional()
    .describe('Of the issue; `regressed`: seen again after it was resolved.'),
  sort: z
    .enum(['last_seen', 'first_seen', 'count'], 'must be `last_seen`, `first_seen` or `count`')
    .default('last_seen'),
})

export const issueChange: z.ZodObject = z.strictObject({
  status: z.enum(['open', 'resolved', 'ignored'], 'must be `open`, `resolved` or `ignored`'),
})

export const issueChangeSchema: z.ZodObject = z.object({ id: z.string(), status: z.string() })

type IssueListQuery = Omit<PeriodQuery, 'status'> & PageQuery & { status?: IssueStatus; sort: IssueSort }

/** `/issues`, `/issues/:id`, and `PATCH /issues/:id`. */
export function issueRoutes(reader: StoreReader, writer: IssueWrites): Hono {
  const routes = new Hono()

  routes.get('/', async (context) => {
    const { status, ...query } = read(context, issueListParameters) as unknown as IssueListQuery
    const { limit, cursor, sort } = query
    const filter = { ...(await filterOf(reader, query)), ...defined({ issueStatus: status }) }
    return context.json(await reader.listIssues(filter, { limit, sort, ...defined({ cursor }) }))
  })

  routes.get('/:id', async (context) => {
    const query = read(context, issueParameters) as unknown as PeriodQuery
    const filter = await filterOf(reader, query)
    const id = context.req.param('id')
    const issue = await reader.getIssue(filter, id)
    if (!issue) throw unknownIssue(filter.project, id)
    return context.json(issue)
  })

  routes.patch('/:id', async (context) => {
    const project = await resolveProject(reader, readProjectQuery(context).project)
    const id = context.req.param('id')
    const { status } = await readChange(context)
    const now = Date.now()
    const period = { project, from: new Date(now - 86_400_000).toISOString(), to: new Date(now).toISOString() }
    if (!(await reader.getIssue(period, id))) throw unknownIssue(project, id)
    await writer.setIssueStatus(project, id, status)
    return context.json({ id, status })
  })

  return routes
}

function unknownIssue(project: string, id: string): RequestError {
  return new RequestError({ code: 'not_found', message: `Project \`${project}\` has no issue \`${id}\`.` })
}

/** @throws RequestError naming what of the body is wrong */
async function readChange(context: Context): Promise<{ status: Exclude<IssueStatus, 'regressed'> }> {
  const result = issueChange.safeParse(await jsonBody(context))
  if (result.success) return result.data as { status: Exclude<IssueStatus, 'regressed'> }
  const [issue] = result.error.issues
  const name = String(issue?.path[0] ?? 'status')
  throw new RequestError({
    code: 'bad_request',
    message: `\`${name}\` of the body: ${issue?.message ?? 'is not valid'}.`,
    parameter: name,
  })
}

async function jsonBody(context: Context): Promise<unknown> {
  // What a form of another page can send is no JSON.
  if (!/^application\/json\b/.test(context.req.header('content-type') ?? '')) return undefined
  try {
    return await context.req.json()
  } catch {
    // Not JSON: refused like any other body.
    return undefined
  }
}
