import type { PeriodFilter } from '../reading/filter.js'
import type { FailureGroup, ToolReads, ToolStats, ToolVersion } from '../reading/tools.js'
import { isoTime } from '../timestamps.js'
import type { Read } from './bounded.js'
import { countedEvents, milliseconds, rate } from './counted-events.js'
import { timeseriesOf } from './timeseries.js'

export function toolReads(read: Read): ToolReads {
  async function listTools(filter: PeriodFilter, limit: number): Promise<ToolStats[]> {
    const called = await read<CalledTool>('list-tools', { ...(await countedEvents(read, filter)), limit })
    const listed = await read<ListedTool>('listed-tools', {
      project: filter.project,
      server: filter.server ?? '',
      tool: filter.tool ?? '',
    })
    const listings = new Map(listed.map((tool) => [toolId(tool), tool]))
    const used = new Set(called.map(toolId))
    const unused = listed.filter((tool) => !used.has(toolId(tool)))
    return [
      ...called.map((tool) => toolStats(tool, listings.get(toolId(tool)))),
      ...unused.map((tool) => toolStats({ ...UNUSED, server: tool.server, name: tool.name }, tool)),
    ].slice(0, limit)
  }

  return {
    listTools,

    async getTool(filter) {
      const servers = await listTools(filter, 200)
      if (servers.length === 0) return null
      const failures = await read<FailureRecord>('tool-failures', await countedEvents(read, filter))
      return { servers, trend: await timeseriesOf(read, filter), failures: failures.map(failureGroup) }
    },

    async toolVersions(project, name) {
      const rows = await read<VersionRecord>('tool-versions', { project, tool: name })
      return rows.map(toolVersion)
    },

    async toolNeighbors(filter, limit) {
      const { tool, ...others } = filter
      const rows = await read<{ name: string; before: string; after: string }>('tool-neighbors', {
        ...(await countedEvents(read, others)),
        of_tool: tool,
        limit,
      })
      return rows.map(({ name, before, after }) => ({ name, before: Number(before), after: Number(after) }))
    },
  }
}

interface CalledTool {
  server: string
  name: string
  calls: string
  failed_calls: string
  quantiles: readonly [string, string]
  sessions: string
  users: string
  last_ns: string
}

const UNUSED = {
  calls: '0',
  failed_calls: '0',
  quantiles: ['0', '0'],
  sessions: '0',
  users: '0',
  last_ns: '0',
} as const

interface ListedTool {
  server: string
  name: string
  first_ns: string
  last_ns: string
}

function toolId({ server, name }: { server: string; name: string }): string {
  return `${server} ${name}`
}

function toolStats(tool: CalledTool, listed: ListedTool | undefined): ToolStats {
  const calls = Number(tool.calls)
  const failedCalls = Number(tool.failed_calls)
  return {
    server: tool.server,
    name: tool.name,
    calls,
    failedCalls,
    errorRate: rate(failedCalls, calls),
    p50Ms: milliseconds(tool.quantiles[0], calls),
    p95Ms: milliseconds(tool.quantiles[1], calls),
    sessions: Number(tool.sessions),
    users: Number(tool.users),
    lastCall: calls === 0 ? null : isoTime(BigInt(tool.last_ns)),
    firstListed: listed ? isoTime(BigInt(listed.first_ns)) : null,
    lastListed: listed ? isoTime(BigInt(listed.last_ns)) : null,
  }
}

interface FailureRecord {
  issue: string
  count: string
  error_type: string
  message: string
  sample_id: string
  last_ns: string
}

function failureGroup(record: FailureRecord): FailureGroup {
  return {
    issue: record.issue,
    count: Number(record.count),
    errorType: record.error_type || null,
    sampleMessage: record.message || null,
    sampleEventId: record.sample_id,
    lastSeen: isoTime(BigInt(record.last_ns)),
  }
}

interface VersionRecord {
  server: string
  hash: string
  definition: string
  first_ns: string
  last_ns: string
}

function toolVersion(record: VersionRecord): ToolVersion {
  return {
    server: record.server,
    hash: record.hash,
    firstSeen: isoTime(BigInt(record.first_ns)),
    lastSeen: isoTime(BigInt(record.last_ns)),
    description: descriptionOf(record.definition),
    definition: record.definition,
  }
}

function descriptionOf(definition: string): string | null {
  const parsed: unknown = JSON.parse(definition)
  if (typeof parsed !== 'object' || parsed === null || !('description' in parsed)) return null
  return typeof parsed.description === 'string' ? parsed.description : null
}
