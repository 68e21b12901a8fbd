import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Session, SessionEvent } from '../../api/answers.js'
import { formatDuration, formatOffset } from '../lib/format.js'
import { methodLabel } from '../lib/methods.js'
import { layoutWaterfall } from '../lib/waterfall.js'

interface MiniWaterfallProps {
  session: Session
  events: readonly SessionEvent[]
  selected: SessionEvent | undefined
  playing: boolean
  stepMs: number
  onSelect: (event: SessionEvent) => void
}

/** The whole session on one strip. The timeline below holds the same for keyboards and screen readers. */
export function MiniWaterfall({ session, events, selected, playing, stepMs, onSelect }: MiniWaterfallProps): VNode {
  const begin = Date.parse(session.start)
  const { bars, gaps, lanes } = useMemo(
    () =>
      layoutWaterfall(
        events.map(({ id, start, durationMs }) => ({ id, start: Date.parse(start) - begin, duration: durationMs })),
      ),
    [events, begin],
  )
  const playhead = bars.find(({ id }) => id === selected?.id)
  return (
    <div class="waterfall" aria-hidden="true" style={{ '--lanes': String(lanes) }}>
      <div class="waterfall-plot">
        {gaps.map(({ left, width, ms }) => (
          <div class="waterfall-gap" key={left} style={{ left: percent(left), width: percent(width) }}>
            <span title={`${formatDuration(ms)} without an event`}>{shortly(ms)}</span>
          </div>
        ))}
        {bars.map(({ id, left, width, lane }, index) => {
          const event = events[index]
          if (!event) return null
          const { tone } = methodLabel(event.method)
          return (
            <div
              key={id}
              class={`waterfall-bar tone-${tone}${event.isError ? ' failed' : ''}${id === selected?.id ? ' selected' : ''}`}
              style={{ left: percent(left), width: percent(width), '--lane': String(lane) }}
              title={`${event.target ?? event.method} · ${formatDuration(event.durationMs)}`}
              onClick={() => onSelect(event)}
            />
          )
        })}
        {playhead && (
          <div
            class="playhead"
            style={{ left: percent(playhead.left), 'transition-duration': playing ? `${Math.round(stepMs)}ms` : '0ms' }}
          />
        )}
      </div>
      <div class="waterfall-scale">
        <span>{formatOffset(0)}</span>
        <span>{formatOffset(Date.parse(session.end) - begin)}</span>
      </div>
    </div>
  )
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}

function shortly(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1000)}s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)}m`
  return `${Math.round(ms / 3_600_000)}h`
}
