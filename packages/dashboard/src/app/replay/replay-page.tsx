import type { VNode } from 'preact'
import { useLocation, useRoute } from 'preact-iso'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { SessionEvent } from '../../api/answers.js'
import { replayUrl } from '../lib/filters.js'
import { isNoise } from '../lib/noise.js'
import { lastListUrl } from '../state/last-list.js'
import { useReplay } from '../state/use-replay.js'
import { EventDetailPane } from './event-detail-pane.js'
import { MiniWaterfall } from './mini-waterfall.js'
import { ReplayHeader } from './replay-header.js'
import { ReplayToolbar } from './replay-toolbar.js'
import { Timeline } from './timeline.js'
import { usePlayback } from './use-playback.js'
import { useReplayKeys } from './use-replay-keys.js'
import { useFind } from './use-find.js'

export function ReplayPage(): VNode {
  const { params, query } = useRoute()
  const { route } = useLocation()
  const id = params['id'] ?? ''
  const { session, events, complete, problem } = useReplay(query['project'], id)
  const showAll = query['quiet'] === 'show'
  const find = query['find'] ?? ''

  const noisy = useMemo(() => events.filter(isNoise).length, [events])
  const candidates = useMemo(
    // A session of nothing but housekeeping is shown whole.
    () => (showAll || noisy === events.length ? events : events.filter((event) => !isNoise(event))),
    [events, showAll, noisy],
  )
  const { found, searching } = useFind(session?.project ?? '', candidates, find)
  const selected = found.find((event) => event.id === query['event']) ?? found[0]

  const go = (patch: Record<string, string | undefined>, replace: boolean): void => {
    const next = new URLSearchParams(query)
    for (const [name, value] of Object.entries(patch)) {
      if (value) next.set(name, value)
      else next.delete(name)
    }
    route(`/sessions/${encodeURIComponent(id)}?${next}`, replace)
  }
  const selectedId = useRef<string | undefined>(undefined)
  selectedId.current = selected?.id
  const select = (event: SessionEvent | undefined, replace: boolean): void => {
    if (event && event.id !== selectedId.current) go({ event: event.id }, replace)
  }
  const step = (by: number): void => {
    const at = found.findIndex((event) => event.id === selectedId.current)
    select(found[Math.min(found.length - 1, Math.max(0, at + by))], true)
  }
  const playback = usePlayback(found, selected, (event) => select(event, true))
  useReplayKeys({ step, togglePlay: playback.toggle, leave: () => route(lastListUrl.value) })

  useEffect(() => {
    // A superseded id: the address becomes that of the live session.
    if (session && session.id !== id) route(replayUrl(session.project, session.id, query['event']), true)
    else if (session && !query['project']) go({ project: session.project }, true)
  }, [session?.id, id])
  useEffect(() => {
    document.title = `${session?.goal?.name ?? session?.firstIntent ?? 'Session'} · MCPcat`
  }, [session?.firstIntent])

  if (!session)
    return (
      <div class="notice">
        {problem ? (
          <>
            <h1>This session cannot be shown</h1>
            <p role="alert">{problem.message}</p>
            <p>
              <a href={lastListUrl.value}>Go to the sessions</a>
            </p>
          </>
        ) : (
          <p class="muted">Loading the session…</p>
        )}
      </div>
    )

  return (
    <div class="replay">
      <ReplayHeader session={session} />
      <MiniWaterfall
        session={session}
        events={candidates}
        selected={selected}
        playing={playback.playing}
        stepMs={playback.stepMs}
        onSelect={(event) => select(event, false)}
      />
      <ReplayToolbar
        shown={found.length}
        total={events.length}
        noisy={noisy}
        showAll={showAll}
        onShowAll={(show) => go({ quiet: show ? 'show' : undefined }, false)}
        find={find}
        searching={searching}
        onFind={(text) => go({ find: text }, true)}
        playback={playback}
        problem={problem}
      />
      <div class="panes">
        <Timeline
          session={session}
          events={found}
          selected={selected}
          complete={complete}
          onSelect={(event) => select(event, false)}
        />
        <EventDetailPane session={session} event={selected} />
      </div>
    </div>
  )
}
