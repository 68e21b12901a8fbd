import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { Batch } from '../batch.js'
import { formatHostPort, isLoopback, type HostPort } from '../config/values.js'
import { UserError } from '../errors.js'
import { HttpError } from './http-error.js'
import { withResourceAttribute } from '../otlp/payload.js'
import { setAttribute } from '../traces.js'

/** The resource attribute that tells projects apart. */
const PROJECT_ATTRIBUTE = 'mcpcat.project.id'

/** A key that senders present as `Authorization: Bearer KEY`. */
export interface IngestKey {
  key: string
  /** What comes in with this key belongs to this project, whatever it says itself. */
  project?: string | undefined
}

export const ingestKeysSchema: z.ZodType<IngestKey[]> = z
  .array(
    z.strictObject({
      key: z.string().min(8, 'a key has at least 8 characters'),
      project: z.string().min(1).optional(),
    }),
  )
  .default([])

/** @throws UserError for an endpoint that others can reach and no key guards. */
export function requireKeysBeyondLoopback(
  endpoint: HostPort,
  keys: readonly IngestKey[],
  component: string,
  setting: string,
): void {
  if (isLoopback(endpoint) || keys.length > 0) return
  throw new UserError(
    `${setting}: ${formatHostPort(endpoint)} can be reached from other machines and no ingest key guards it; ` +
      `set ${component}.ingest_keys: [{ key: \${env:MCPCAT_INGEST_KEY} }], or bind 127.0.0.1`,
  )
}

/** Compares in constant time, and against every key, so that timing tells nothing about any of them. */
export function findIngestKey(headers: IncomingHttpHeaders, keys: readonly IngestKey[]): IngestKey | undefined {
  const presented = digest(/^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1] ?? '')
  let found: IngestKey | undefined
  for (const candidate of keys) if (timingSafeEqual(digest(candidate.key), presented)) found = candidate
  return found
}

/**
 * The key of a request, or undefined when none are configured.
 *
 * @throws HttpError 401 when there are keys and the request has none of them.
 */
export function requireIngestKey(headers: IncomingHttpHeaders, keys: readonly IngestKey[]): IngestKey | undefined {
  if (keys.length === 0) return undefined
  const key = findIngestKey(headers, keys)
  if (key) return key
  throw new HttpError(401, 'send a valid ingest key as Authorization: Bearer KEY', { 'WWW-Authenticate': 'Bearer' })
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Gives everything in the batch to a project. Traces are changed in place. */
export function stampProject<Data extends Batch>(batch: Data, project: string): Data {
  if ('signal' in batch) return withResourceAttribute(batch, PROJECT_ATTRIBUTE, project) as Data
  for (const { resource } of batch.resourceSpans)
    setAttribute(resource.attributes, PROJECT_ATTRIBUTE, { stringValue: project })
  return batch
}
