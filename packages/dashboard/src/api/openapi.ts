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

interface Endpoint {
  summary: string
  parameters: z.ZodObject
  answer: z.ZodType
  /** A superseded session id answers 307. */
  redirects?: boolean
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
    { get: operation(path, endpoint) },
  ])
  return {
    openapi: '3.1.0',
    info: { title: 'MCPcat query API', version },
    paths: Object.fromEntries(paths),
  }
}

function operation(path: string, { summary, parameters, answer, redirects }: Endpoint): Record<string, unknown> {
  const hasId = path.includes('{id}')
  return {
    summary,
    parameters: [
      ...(hasId ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : []),
      ...queryParameters(parameters),
    ],
    responses: {
      200: { description: 'OK', ...body(answer) },
      ...(redirects ? { 307: { description: 'The session is part of another one now' } } : {}),
      400: { description: 'A parameter is wrong; the error names it', ...body(errorSchema) },
      ...(hasId ? { 404: { description: 'The project has no such thing', ...body(errorSchema) } } : {}),
    },
  }
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
