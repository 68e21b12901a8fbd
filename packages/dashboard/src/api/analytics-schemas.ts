/** The shapes of the store's reads over a period once more, as schemas: what the OpenAPI document is made of. */
import type {
  BreakdownItem,
  ClientStats,
  Facet,
  FacetValue,
  Intent,
  IntentFacets,
  IntentSignals,
  Issue,
  IssueDetail,
  MissingTool,
  Overview,
  Page,
  Timeseries,
  ToolDetail,
  ToolNeighbor,
  ToolStats,
  ToolVersion,
  UserDetail,
  UserStats,
} from '@mcpcat/store'
import { ISSUE_STATUSES } from '@mcpcat/store'
import { z } from 'zod'

const text = z.string().nullable()
const time = z.string().describe('ISO 8601, with the precision of the source')
const count = z.int()
const duration = z.number().nullable().describe('Fractional milliseconds')
const rate = z.number().nullable().describe('0 to 1')

function itemsOf<Item>(item: z.ZodType<Item>): z.ZodType<{ items: Item[] }> {
  return z.object({ items: z.array(item) })
}

function pageOf<Item>(item: z.ZodType<Item>): z.ZodType<Page<Item>> {
  return z.object({ items: z.array(item), nextCursor: text.describe('Null on the last page') })
}

const totals = z.object({
  sessions: count,
  users: count,
  calls: count,
  failedCalls: count,
  errorRate: rate,
  errors: count,
  missingTools: count,
  p50Ms: duration,
  p95Ms: duration,
})

export const overviewSchema: z.ZodType<Overview> = z.object({ current: totals, previous: totals.nullable() })

const bucket = z.object({
  start: time,
  sessions: count,
  calls: count,
  failedCalls: count,
  errors: count,
  p95Ms: duration,
})

export const timeseriesSchema: z.ZodType<Timeseries> = z.object({ bucketMs: count, buckets: z.array(bucket) })

export const breakdownSchema: z.ZodType<{ items: BreakdownItem[] }> = itemsOf(
  z.object({
    value: z.string(),
    sessions: count,
    users: count,
    events: count,
    calls: count,
    failedCalls: count,
    errors: count,
    p50Ms: duration,
    p95Ms: duration,
  }),
)

const facet = z.array(z.object({ value: z.string(), count }))

export const facetsSchema: z.ZodType<Record<Facet, FacetValue[]>> = z.object({
  client: facet,
  server: facet,
  tool: facet,
  user: facet,
  status: facet,
  source: facet,
  goal: facet,
})

export const intentPageSchema: z.ZodType<Page<Intent>> = pageOf(
  z.object({
    eventId: z.string(),
    sessionId: z.string(),
    start: time,
    intent: z.string(),
    snippet: z.string(),
    matches: z.array(z.tuple([count, count])).describe('Where the words that were searched for are in the snippet'),
    method: z.string(),
    target: text,
    isError: z.boolean(),
    client: text,
    user: text,
  }),
)

export const intentFacetsSchema: z.ZodType<IntentFacets> = z.object({
  total: count,
  tool: facet,
  outcome: z.array(z.object({ value: z.enum(['ok', 'error']), count })),
})

const signal = z.object({
  example: z.string(),
  count,
  users: count,
  tools: z.array(z.string()),
  lastSeen: time,
})

export const intentSignalsSchema: z.ZodType<IntentSignals> = z.object({ new: z.array(signal), gone: z.array(signal) })

const tool: z.ZodType<ToolStats> = z.object({
  server: z.string(),
  name: z.string(),
  calls: count,
  failedCalls: count,
  errorRate: rate,
  p50Ms: duration,
  p95Ms: duration,
  sessions: count,
  users: count,
  lastCall: text,
  firstListed: text,
  lastListed: text,
})

export const toolsSchema: z.ZodType<{ items: ToolStats[] }> = itemsOf(tool)

export const toolSchema: z.ZodType<ToolDetail> = z.object({
  servers: z.array(tool),
  trend: timeseriesSchema,
  failures: z.array(
    z.object({
      issue: z.string(),
      count,
      errorType: text,
      sampleMessage: text,
      sampleEventId: z.string(),
      lastSeen: time,
    }),
  ),
})

export const toolVersionsSchema: z.ZodType<{ items: ToolVersion[] }> = itemsOf(
  z.object({
    server: z.string(),
    hash: z.string(),
    firstSeen: time,
    lastSeen: time,
    description: text,
    definition: z.string().describe('JSON as the server listed it'),
  }),
)

export const toolNeighborsSchema: z.ZodType<{ items: ToolNeighbor[] }> = itemsOf(
  z.object({ name: z.string(), before: count, after: count }),
)

const issue = {
  id: z.string(),
  status: z.enum(ISSUE_STATUSES),
  statusChangedAt: text,
  title: z.string(),
  errorType: text,
  server: text,
  tool: text,
  firstSeen: time,
  lastSeen: time,
  count,
  users: count,
  sessions: count,
  sampleEventId: z.string(),
}

export const issuePageSchema: z.ZodType<Page<Issue>> = pageOf(z.object(issue))

export const issueSchema: z.ZodType<IssueDetail> = z.object({
  ...issue,
  fingerprints: z.array(z.string()),
  template: text,
  samples: z.array(z.object({ eventId: z.string(), sessionId: z.string(), start: time, message: text, stack: text })),
  trend: z.object({ bucketMs: count, buckets: z.array(z.object({ start: time, errors: count })) }),
})

const user = {
  id: z.string(),
  name: text,
  sessions: count,
  calls: count,
  errors: count,
  firstSeen: time,
  lastSeen: time,
  clients: z.array(z.string()),
}

export const userPageSchema: z.ZodType<Page<UserStats>> = pageOf(z.object(user))

export const userSchema: z.ZodType<UserDetail> = z.object({
  ...user,
  traits: z.record(z.string(), z.string()),
  servers: z.array(z.string()),
  tools: z.array(z.object({ name: z.string(), sessions: count })),
})

export const clientsSchema: z.ZodType<{ items: ClientStats[] }> = itemsOf(
  z.object({
    name: z.string(),
    versions: z.array(z.string()),
    sessions: count,
    users: count,
    calls: count,
    errors: count,
    lastSeen: time,
  }),
)

export const missingPageSchema: z.ZodType<Page<MissingTool>> = pageOf(
  z.object({
    eventId: z.string(),
    sessionId: z.string(),
    start: time,
    request: text,
    intent: text,
    client: text,
    user: text,
  }),
)
