import { useRef, useState } from 'preact/hooks'
import type { Session, SessionEvent } from '../../api/answers.js'
import { getSession, getSessionEvents } from './api-client.js'
import { usePoll } from './use-poll.js'

const POLL_MS = 4000

export interface ReplayState {
  session: Session | null
  /** In order of start; grows while a long session loads and while an active one goes on. */
  events: SessionEvent[]
  /** All events there are now have come. */
  complete: boolean
  problem: Error | null
}

const EMPTY: ReplayState = { session: null, events: [], complete: false, problem: null }

/** A session and its events, kept fresh. */
export function useReplay(project: string | undefined, id: string): ReplayState {
  const key = `${project ?? ''} ${id}`
  const [state, setState] = useState<ReplayState & { key: string }>({ ...EMPTY, key })
  const loaded = useRef({ key: '', eventCount: 0 })

  usePoll(key, POLL_MS, async (signal) => {
    try {
      const session = await getSession(project, id, signal)
      const first = loaded.current.key !== key
      setState((known) => ({ ...(known.key === key ? known : EMPTY), key, session, problem: null }))
      if (!first && loaded.current.eventCount === session.eventCount) return
      let shown = 0
      const events = await loadEvents(session, signal, (partial) => {
        // A reload shows when it is whole, so that nothing jumps; a long list, each time it has doubled.
        if (first && partial.length >= 2 * shown) {
          shown = partial.length
          setState((known) => ({ ...known, events: partial }))
        }
      })
      loaded.current = { key, eventCount: session.eventCount }
      setState((known) => ({ ...known, events, complete: true }))
    } catch (error) {
      if (!signal.aborted)
        setState((known) => ({ ...(known.key === key ? known : EMPTY), key, problem: error as Error }))
    }
  })

  return state.key === key ? state : EMPTY
}

async function loadEvents(
  { project, id }: Session,
  signal: AbortSignal,
  onPage: (events: SessionEvent[]) => void,
): Promise<SessionEvent[]> {
  const events = new Map<string, SessionEvent>()
  let cursor: string | undefined
  do {
    const page = await getSessionEvents(project, id, cursor, signal)
    for (const event of page.items) events.set(event.id, event)
    cursor = page.nextCursor ?? undefined
    onPage([...events.values()])
  } while (cursor !== undefined)
  return [...events.values()]
}
