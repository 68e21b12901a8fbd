import type { VNode } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect, useState } from 'preact/hooks'
import { DEFAULT_RANGE, filterQuery, isNarrowed, readFilters, sessionsUrl } from '../lib/filters.js'
import type { FilterName } from '../lib/filters.js'
import { getProjects } from '../state/api-client.js'
import { lastListUrl } from '../state/last-list.js'
import { usePoll } from '../state/use-poll.js'
import { useSessions } from '../state/use-sessions.js'
import { EmptyStore } from './empty-store.js'
import { FilterBar } from './filter-bar.js'
import { SessionTable } from './session-table.js'
import { useListKeys } from './use-list-keys.js'

const PROJECTS_POLL_MS = 5000

export function SessionsPage(): VNode {
  const { query, url, route } = useLocation()
  const filters = readFilters(query)
  const [projects, setProjects] = useState<readonly string[] | null>(null)
  usePoll('projects', PROJECTS_POLL_MS, async () => {
    const { items } = await getProjects().catch(() => ({ items: projects ?? [] }))
    setProjects(items)
  })
  const project = filters.project ?? projects?.[0]
  const complete = { ...filters, ...(project === undefined ? {} : { project }), from: filters.from ?? DEFAULT_RANGE }
  const list = useSessions(complete, project !== undefined || projects !== null)
  useListKeys()

  useEffect(() => {
    document.title = 'Sessions · MCPcat'
  }, [])
  useEffect(() => {
    const wanted = sessionsUrl(complete)
    lastListUrl.value = wanted
    if (filterQuery(filters) !== filterQuery(complete)) route(wanted, true)
  }, [url, project])

  const nothingYet = projects?.length === 0 && list.items.length === 0
  const change = (patch: Partial<Record<FilterName, string | undefined>>): void => {
    // Typing on in the search box is still the same act.
    const replace = patch.q !== undefined && filters.q !== undefined
    const next = { ...complete, ...patch }
    route(sessionsUrl(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined))), replace)
  }

  return (
    <>
      {!nothingYet && (
        <FilterBar filters={complete} projects={projects ?? []} sessions={list.items} onChange={change} />
      )}
      <div class="content">
        <div class="heading">
          <h1>{nothingYet ? 'Instrument an MCP server' : 'Sessions'}</h1>
          <p class="muted" role="status">
            {!list.loading &&
              list.items.length > 0 &&
              `${list.items.length}${list.hasMore ? '+' : ''} shown, newest first`}
          </p>
        </div>
        {list.problem && (
          <p class="problem" role="alert">
            {list.problem.message} Trying again.
          </p>
        )}
        {list.items.length > 0 && <SessionTable sessions={list.items} />}
        {list.hasMore && (
          <div class="more">
            <button type="button" class="button" onClick={() => void list.loadMore()}>
              Load older sessions
            </button>
          </div>
        )}
        {nothingYet && <EmptyStore />}
        {!list.loading && list.items.length === 0 && !nothingYet && (
          <div class="notice">
            <h2>No sessions match</h2>
            <p>
              {isNarrowed(filters)
                ? 'No session in this time range passes all filters.'
                : 'Nothing happened in this time range.'}
            </p>
            <p class="notice-actions">
              {isNarrowed(filters) && (
                <button
                  type="button"
                  class="button"
                  onClick={() =>
                    change({
                      client: undefined,
                      tool: undefined,
                      user: undefined,
                      server: undefined,
                      status: undefined,
                      source: undefined,
                      q: undefined,
                    })
                  }
                >
                  Clear filters
                </button>
              )}
              <button type="button" class="button" onClick={() => change({ from: '-90d', to: undefined })}>
                Show the last 90 days
              </button>
            </p>
          </div>
        )}
      </div>
    </>
  )
}
