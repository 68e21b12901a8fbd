import { Hono } from 'hono'
import { z } from 'zod'
import {
  errorSchema,
  eventDetailSchema,
  eventPageSchema,
  infoSchema,
  projectsSchema,
  sessionPageSchema,
  sessionSchema,
  statusSchema,
} from './answer-schemas.js'
import {
  eventListParameters,
  noParameters,
  projectParameters,
  readNothing,
  sessionListParameters,
} from './parameters.js'

import {
  breakdownSchema,
  clientsSchema,
  facetsSchema,
  intentFacetsSchema,
  intentPageSchema,
  intentSignalsSchema,
  issuePageSchema,
  issueSchema,
  missingPageSchema,
  overviewSchema,
  timeseriesSchema,
  toolNeighborsSchema,
  toolSchema,
  toolsSchema,
  toolVersionsSchema,
  userPageSchema,
  userSchema,
} from './analytics-schemas.js'
import { issueChange, issueChangeSchema, issueListParameters, issueParameters } from './issues.js'
import { breakdownParameters, overviewParameters } from './overview.js'
import { periodListParameters, periodPageParameters, periodParameters } from './period.js'

interface Endpoint {
  summary: string
  parameters: z.ZodObject
  answer: z.ZodType
  /** A superseded session id answers 307. */
  redirects?: boolean
  /** What `PATCH` takes and answers. */
  change?: { summary: string; body: z.ZodType; answer: z.ZodType }
}

const ENDPOINTS: Record<string, Endpoint> = {
  '/projects': { summary: 'Projects of the store', parameters: noParameters, answer: projectsSchema },
  '/sessions': { summary: 'Sessions, newest first', parameters: sessionListParameters, answer: sessionPageSchema },
  '/sessions/{id}': {
    summary: 'One session',
    parameters: projectParameters,
    answer: sessionSchema,
    redirects: true,
  },
  '/sessions/{id}/events': {
    summary: 'Events of a session, in order of start',
    parameters: eventListParameters,
    answer: eventPageSchema,
    redirects: true,
  },
  '/events/{id}': { summary: 'One event with its payloads', parameters: projectParameters, answer: eventDetailSchema },
  '/overview': {
    summary: 'Totals of a period, and of the one before',
    parameters: overviewParameters,
    answer: overviewSchema,
  },
  '/timeseries': { summary: 'A period in buckets', parameters: periodParameters, answer: timeseriesSchema },
  '/breakdown': {
    summary: 'A period by client, server, tool, …; most events first',
    parameters: breakdownParameters,
    answer: breakdownSchema,
  },
  '/facets': {
    summary: 'What each filter can be set to, with numbers of sessions',
    parameters: periodListParameters,
    answer: facetsSchema,
  },
  '/intents': { summary: 'Intents, newest first', parameters: periodPageParameters, answer: intentPageSchema },
  '/intents/facets': {
    summary: 'Numbers of intents by tool and outcome',
    parameters: periodParameters,
    answer: intentFacetsSchema,
  },
  '/intents/signals': {
    summary: 'Intents that are new, and that are gone, against the period before',
    parameters: periodListParameters,
    answer: intentSignalsSchema,
  },
  '/tools': { summary: 'Tools, most calls first', parameters: periodListParameters, answer: toolsSchema },
  '/tools/{name}': { summary: 'One tool', parameters: periodParameters, answer: toolSchema },
  '/tools/{name}/versions': {
    summary: 'Versions of a tool’s definition, newest first',
    parameters: projectParameters,
    answer: toolVersionsSchema,
  },
  '/tools/{name}/neighbors': {
    summary: 'What is called right before and right after a tool',
    parameters: periodListParameters,
    answer: toolNeighborsSchema,
  },
  '/issues': { summary: 'Issues seen in a period', parameters: issueListParameters, answer: issuePageSchema },
  '/issues/{id}': {
    summary: 'One issue',
    parameters: issueParameters,
    answer: issueSchema,
    change: { summary: 'Says what becomes of an issue', body: issueChange, answer: issueChangeSchema },
  },
  '/users': { summary: 'Users, last active first', parameters: periodPageParameters, answer: userPageSchema },
  '/users/{id}': { summary: 'One user', parameters: periodParameters, answer: userSchema },
  '/clients': { summary: 'Clients, most sessions first', parameters: periodListParameters, answer: clientsSchema },
  '/missing': {
    summary: 'What agents say is missing, newest first',
    parameters: periodPageParameters,
    answer: missingPageSchema,
  },
  '/status': { summary: 'Whether the API answers', parameters: noParameters, answer: statusSchema },
  '/config': { summary: 'What the pages need to know', parameters: noParameters, answer: infoSchema },
}

/** `/openapi.json`: the API as OpenAPI 3.1, made from the schemas that check and describe it. */
export function openapiRoutes(version: string): Hono {
  const document = openapiDocument(version)
  const routes = new Hono()
  routes.get('/openapi.json', (context) => {
    readNothing(context)
    return context.json(document)
  })
  return routes
}

function openapiDocument(version: string): Record<string, unknown> {
  const paths = Object.entries(ENDPOINTS).map(([path, endpoint]) => [
    `/api/v1${path}`,
    { get: operation(path, endpoint), ...(endpoint.change && { patch: changing(path, endpoint.change) }) },
  ])
  return {
    openapi: '3.1.0',
    info: { title: 'MCPcat query API', version },
    paths: Object.fromEntries(paths),
  }
}

function operation(path: string, { summary, parameters, answer, redirects }: Endpoint): Record<string, unknown> {
  const inPath = pathParameters(path)
  return {
    summary,
    parameters: [...inPath, ...queryParameters(parameters)],
    responses: {
      200: { description: 'OK', ...body(answer) },
      ...(redirects ? { 307: { description: 'The session is part of another one now' } } : {}),
      400: { description: 'A parameter is wrong; the error names it', ...body(errorSchema) },
      503: { description: 'It would have taken too much time or memory', ...body(errorSchema) },
      ...(inPath.length > 0 ? { 404: { description: 'The project has no such thing', ...body(errorSchema) } } : {}),
    },
  }
}

function changing(path: string, { summary, body: change, answer }: NonNullable<Endpoint['change']>): object {
  return {
    summary,
    parameters: [...pathParameters(path), ...queryParameters(projectParameters)],
    requestBody: { required: true, ...body(change) },
    responses: {
      200: { description: 'OK', ...body(answer) },
      400: { description: 'A parameter or the body is wrong; the error names it', ...body(errorSchema) },
      404: { description: 'The project has no such thing', ...body(errorSchema) },
    },
  }
}

function pathParameters(path: string): Record<string, unknown>[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
}

/** All optional: what may be left out has a default. */
function queryParameters(schema: z.ZodObject): Record<string, unknown>[] {
  return Object.entries(schema.shape).map(([name, parameter]) => {
    const { description, ...rest } = jsonSchema(parameter as z.ZodType)
    return { name, in: 'query', required: false, ...(description === undefined ? {} : { description }), schema: rest }
  })
}

function body(schema: z.ZodType): Record<string, unknown> {
  return { content: { 'application/json': { schema: jsonSchema(schema) } } }
}

function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return rest
}
