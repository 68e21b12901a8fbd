import type { VNode } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Session, SessionEvent } from '../../api/answers.js'
import { formatDuration, formatOffset } from '../lib/format.js'
import { methodLabel } from '../lib/methods.js'
import { retryAttempts } from '../lib/retries.js'
import type { Attempt } from '../lib/retries.js'
import { LONG_GAP_MS } from '../lib/waterfall.js'
import { Icon } from '../parts/icon.js'
import { memo } from '../parts/memo.js'
import { useStable } from '../parts/use-stable.js'

interface TimelineProps {
  session: Session
  events: readonly SessionEvent[]
  selected: SessionEvent | undefined
  complete: boolean
  onSelect: (event: SessionEvent) => void
}

export function Timeline({ session, events, selected, complete, onSelect }: TimelineProps): VNode {
  const begin = Date.parse(session.start)
  const attempts = useMemo(() => retryAttempts(events), [events])
  const select = useStable(onSelect)
  let end = begin
  return (
    <section class="timeline" aria-label="Events" tabIndex={-1}>
      <ol translate={false}>
        {events.map((event) => {
          const start = Date.parse(event.start)
          const pause = start - end
          end = Math.max(end, start + event.durationMs)
          return (
            <TimelineRow
              key={event.id}
              event={event}
              offsetMs={start - begin}
              pauseMs={pause > LONG_GAP_MS ? pause : 0}
              attempt={attempts.get(event.id)}
              selected={event.id === selected?.id}
              onSelect={select}
            />
          )
        })}
      </ol>
      {complete && events.length === 0 && <p class="muted timeline-none">No event matches.</p>}
    </section>
  )
}

interface TimelineRowProps {
  event: SessionEvent
  offsetMs: number
  /** The long pause before it; 0 when there was none. */
  pauseMs: number
  attempt: Attempt | undefined
  selected: boolean
  onSelect: (event: SessionEvent) => void
}

const TimelineRow = memo(({ event, offsetMs, pauseMs, attempt, selected, onSelect }: TimelineRowProps) => {
  const { method, target, durationMs, isError, errorMessage, errorType, intent } = event
  const { label, tone } = methodLabel(method)
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  return (
    <li ref={row} class={`event${attempt ? ` retry-${attempt.place}` : ''}`}>
      {pauseMs > 0 && <div class="pause">{formatDuration(pauseMs)} pause</div>}
      <button
        type="button"
        class={`event-row${isError ? ' failed' : ''}`}
        aria-current={selected ? 'true' : undefined}
        onClick={() => onSelect(event)}
      >
        <span class="event-offset">{formatOffset(offsetMs)}</span>
        <span class={`method tone-${tone}`} title={method}>
          {label}
        </span>
        <span class="event-name">
          {target ?? method}
          {attempt && attempt.number > 1 && <span class="attempt">attempt {attempt.number}</span>}
        </span>
        {isError && (
          <span class="event-mark" title={errorType ?? 'Error'}>
            <Icon name="error" />
            <span class="visually-hidden">Failed</span>
          </span>
        )}
        <span class="event-duration">{formatDuration(durationMs)}</span>
        {intent && <span class="event-note">{intent}</span>}
        {isError && errorMessage && <span class="event-note failed">{errorMessage}</span>}
      </button>
    </li>
  )
})
