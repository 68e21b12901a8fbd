import { createHash } from 'node:crypto'
import type { EventReader } from './event-reader.js'
import { clickhouseTime } from './timestamps.js'

/** Rows for the table `tool_definitions`: what servers said they have, of events that nobody has heard of yet. */
export interface ToolDefinitions {
  /** Lines of JSON; empty when the listings say nothing new. */
  rows(listings: readonly CapturedListing[]): string
}

/** When a definition was listed, as far as it has been written. */
interface Sighting {
  first: bigint
  last: bigint
}

/** Servers are asked for their tools at every connection; that they still have them is written no more often. */
const SEEN_AGAIN_NS = 10n * 60_000_000_000n
/** Definitions that are remembered; those longest unseen are written once more when they come again. */
const MOST_REMEMBERED = 10_000

export function toolDefinitions(): ToolDefinitions {
  const known = new Map<string, Sighting>()

  /** Whether a sighting says something new; if so, it is known from now on. */
  function isNews(id: string, start: bigint): boolean {
    const sighting = known.get(id)
    known.delete(id)
    if (!sighting) {
      known.set(id, { first: start, last: start })
      const [oldest] = known.keys()
      if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest)
      return true
    }
    known.set(id, sighting)
    if (start >= sighting.first && start <= sighting.last + SEEN_AGAIN_NS) return false
    if (start < sighting.first) sighting.first = start
    else sighting.last = start
    return true
  }

  return {
    rows(listings) {
      return listings
        .flatMap((listing) => definitionRows(seenOnce(listing)).filter((row) => isNews(idOf(row), listing.start)))
        .map((row) => JSON.stringify(row))
        .join('\n')
    },
  }
}

function idOf(row: { project: string; server_name: string; tool: string; hash: string }): string {
  return JSON.stringify([row.project, row.server_name, row.tool, row.hash])
}

/** An answer to `tools/list`, or many that are the same. */
export interface Listing {
  readonly project: string
  readonly server_name: string
  /** As it was captured. */
  readonly response: string
  /** As ClickHouse writes times. */
  readonly first_seen: string
  readonly last_seen: string
}

/** A row of `tool_definitions` for every tool of an answer. */
export function definitionRows({ project, server_name, response, first_seen, last_seen }: Listing): {
  project: string
  server_name: string
  tool: string
  hash: string
  definition: string
  first_seen: string
  last_seen: string
}[] {
  return toolsIn(response).map((tool) => {
    const definition = JSON.stringify(tool)
    const hash = createHash('md5').update(definition).digest('hex')
    return { project, server_name, tool: tool.name, hash, definition, first_seen, last_seen }
  })
}

/** What a single event lists. */
export interface CapturedListing {
  readonly project: string
  readonly server_name: string
  /** As it was captured. */
  readonly response: string
  /** Nanoseconds. */
  readonly start: bigint
}

/** The listing of the event that was read last, where its answer says which tools a server has. */
export function listingOf(event: EventReader): CapturedListing | undefined {
  if (event.method !== 'tools/list') return undefined
  const { known, server_name, start, attributes } = event
  return { project: known.strand.project, server_name, response: attributes.text(event.response), start }
}

function seenOnce({ start, ...listing }: CapturedListing): Listing {
  const seen = clickhouseTime(start)
  return { ...listing, first_seen: seen, last_seen: seen }
}

/** The tools of a captured answer: the result, or the whole message of a sender that does not take it out. */
function toolsIn(response: string): { name: string }[] {
  const answer = parsed(response)
  const tools = arrayIn(answer, 'tools') ?? arrayIn(isRecord(answer) ? answer['result'] : undefined, 'tools') ?? []
  return tools.filter((tool): tool is { name: string } => isRecord(tool) && typeof tool['name'] === 'string')
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch {
    // Not captured, or cut off: it lists nothing that can be told.
    return undefined
  }
}

function arrayIn(value: unknown, name: string): unknown[] | undefined {
  const found = isRecord(value) ? value[name] : undefined
  return Array.isArray(found) ? found : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
