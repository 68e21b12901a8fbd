/** The shapes of {@link ./answers.ts} once more, as schemas: what the OpenAPI document is made of. */
import { SESSION_SOURCES } from '@mcpcat/semconv'
import { z } from 'zod'
import type { ApiError, DashboardInfo, EventDetail, Page, Projects, Session, SessionEvent, Status } from './answers.js'

const text = z.string().nullable()
const texts = z.record(z.string(), z.string())
const time = z.string().describe('ISO 8601, with the precision of the source')
const named = z.object({ name: z.string(), version: text }).nullable()

export const sessionSchema: z.ZodType<Session> = z.object({
  id: z.string(),
  project: z.string(),
  start: time,
  end: time,
  active: z.boolean().describe('Something happened within the last 30 minutes'),
  source: z.enum(SESSION_SOURCES).describe('How the session was put together'),
  confidence: z.number().describe('0 to 1'),
  reason: z.string().describe('For a person: why these events are one session'),
  user: z.object({ id: z.string(), name: text, traits: texts }).nullable(),
  client: named,
  server: named,
  protocolVersion: text,
  transport: text,
  eventCount: z.int(),
  toolCalls: z.int(),
  errors: z.int(),
  missingTools: z.int(),
  tools: z.array(z.string()),
  firstIntent: text,
  goal: z.object({ id: z.string(), name: z.string(), outcome: text }).nullable(),
  mcpSessionIds: z.array(z.string()),
  supersedes: z.array(z.string()).describe('Ids that this session had before'),
  flags: z.array(z.object({ kind: z.string(), reason: z.string() })),
})

const event = {
  id: z.string(),
  sessionId: z.string(),
  start: time,
  durationMs: z.number().describe('Fractional milliseconds'),
  kind: z.string().describe('`server`, `client` or `internal`'),
  method: z.string(),
  target: text.describe('Tool or prompt name, or resource URI'),
  isError: z.boolean(),
  errorType: text,
  jsonrpcCode: z.int().nullable(),
  errorMessage: text,
  fingerprint: text,
  intent: text,
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: text,
  requestSize: z.int().nullable().describe('Bytes of JSON; null when it was not captured'),
  responseSize: z.int().nullable(),
}

export const sessionEventSchema: z.ZodType<SessionEvent> = z.object(event)

export const eventDetailSchema: z.ZodType<EventDetail> = z.object({
  ...event,
  request: text.describe('JSON text as it was captured'),
  response: text,
  error: z.object({ type: text, message: text, stack: text, causes: z.array(z.string()) }).nullable(),
  tags: texts,
  attributes: texts,
  resource: texts,
  links: z.array(z.object({ label: z.string(), url: z.string() })),
})

const nextCursor = text.describe('Null on the last page')

export const sessionPageSchema: z.ZodType<Page<Session>> = z.object({ items: z.array(sessionSchema), nextCursor })
export const eventPageSchema: z.ZodType<Page<SessionEvent>> = z.object({
  items: z.array(sessionEventSchema),
  nextCursor,
})

export const projectsSchema: z.ZodType<Projects> = z.object({ items: z.array(z.string()) })

export const statusSchema: z.ZodType<Status> = z.object({
  status: z.literal('ok'),
  version: z.string(),
  time,
  startedAt: time,
})

export const infoSchema: z.ZodType<DashboardInfo> = z.object({
  version: z.string(),
  collectorEndpoint: z.string().describe('Base URL to which MCP servers send OTLP'),
})

export const errorSchema: z.ZodType<ApiError> = z.object({
  error: z.object({
    code: z.enum(['bad_request', 'unauthorized', 'forbidden', 'not_found', 'too_much', 'internal']),
    message: z.string(),
    parameter: z.string().exactOptional().describe('The query parameter that is at fault'),
    hint: z.string().exactOptional(),
  }),
})
