import { useRef, useState } from 'preact/hooks'
import type { Session } from '../../api/answers.js'
import type { Filters } from '../lib/filters.js'
import { filterQuery } from '../lib/filters.js'
import { mergeSessions } from '../lib/merge-sessions.js'
import { getSessions } from './api-client.js'
import { usePoll } from './use-poll.js'

const POLL_MS = 4000

interface SessionList {
  /** The filters it was loaded for. */
  key: string
  items: Session[]
  nextCursor: string | null
  problem: Error | null
}

export interface SessionsState {
  items: Session[]
  /** True until the first page for these filters has come. */
  loading: boolean
  hasMore: boolean
  problem: Error | null
  loadMore: () => Promise<void>
}

/** The list for these filters: its first page kept fresh, older pages on demand. Asks for nothing until `ready`. */
export function useSessions(filters: Filters, ready: boolean): SessionsState {
  const key = filterQuery(filters)
  const [list, setList] = useState<SessionList | null>(null)
  const loadingMore = useRef(false)
  const current = list?.key === key ? list : null

  usePoll(ready ? key : null, POLL_MS, async (signal) => {
    try {
      const first = await getSessions(filters, signal)
      setList((known) => {
        if (known?.key !== key) return { key, ...first, problem: null }
        // With pages below the first one, only the last page's cursor leads on.
        const deeper = known.items.length > first.items.length && first.nextCursor !== null
        const nextCursor = deeper ? known.nextCursor : first.nextCursor
        return { key, items: mergeSessions(known.items, first), nextCursor, problem: null }
      })
    } catch (error) {
      if (signal.aborted) return
      setList((known) => ({
        key,
        items: known?.key === key ? known.items : [],
        nextCursor: known?.key === key ? known.nextCursor : null,
        problem: error as Error,
      }))
    }
  })

  const loadMore = async (): Promise<void> => {
    const cursor = current?.nextCursor
    if (!cursor || loadingMore.current) return
    loadingMore.current = true
    try {
      const page = await getSessions({ ...filters, cursor })
      setList((known) => {
        if (known?.key !== key) return known
        const seen = new Set(known.items.map(({ id }) => id))
        const items = [...known.items, ...page.items.filter(({ id }) => !seen.has(id))]
        return { ...known, items, nextCursor: page.nextCursor, problem: null }
      })
    } catch (error) {
      setList((known) => known && { ...known, problem: error as Error })
    } finally {
      loadingMore.current = false
    }
  }

  return {
    items: (current ?? list)?.items ?? [],
    loading: current === null,
    hasMore: current?.nextCursor != null,
    problem: current?.problem ?? null,
    loadMore,
  }
}
