import type { VNode } from 'preact'
import { useMemo } from 'preact/hooks'
import type { Session, SessionEvent } from '../../api/answers.js'
import { formatDuration, formatOffset } from '../lib/format.js'
import { methodLabel } from '../lib/methods.js'
import { layoutWaterfall } from '../lib/waterfall.js'
import type { Bar, Gap } from '../lib/waterfall.js'
import { memo } from '../parts/memo.js'
import { useStable } from '../parts/use-stable.js'

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
  const select = useStable(onSelect)
  const head = bars.find(({ id }) => id === selected?.id)
  return (
    <div class="waterfall" aria-hidden="true" style={{ '--lanes': String(lanes) }}>
      <div class="waterfall-plot" translate={false}>
        <div class="waterfall-time">
          <Gaps gaps={gaps} />
          <Bars bars={bars} events={events} onSelect={select} />
          {head && <div class="waterfall-bar chosen" style={barStyle(head)} />}
          {head && (
            <div
              class="playhead"
              style={{ left: percent(head.left), 'transition-duration': playing ? `${Math.round(stepMs)}ms` : '0ms' }}
            />
          )}
        </div>
      </div>
      <div class="waterfall-scale">
        <span>{formatOffset(0)}</span>
        <span>{formatOffset(Date.parse(session.end) - begin)}</span>
      </div>
    </div>
  )
}

const Gaps = memo(({ gaps }: { gaps: readonly Gap[] }) => (
  <>
    {gaps.map(({ left, width, ms }) => (
      <div class="waterfall-gap" key={left} style={{ left: percent(left), width: percent(width) }}>
        <span title={`${formatDuration(ms)} without an event`}>{shortly(ms)}</span>
      </div>
    ))}
  </>
))

interface BarsProps {
  bars: readonly Bar[]
  /** In the order of the bars. */
  events: readonly SessionEvent[]
  onSelect: (event: SessionEvent) => void
}

const Bars = memo(({ bars, events, onSelect }: BarsProps) => (
  <>
    {bars.map((bar, index) => {
      const event = events[index]
      if (!event) return null
      return (
        <div
          key={bar.id}
          class={`waterfall-bar tone-${methodLabel(event.method).tone}${event.isError ? ' failed' : ''}`}
          style={barStyle(bar)}
          title={`${event.target ?? event.method} · ${formatDuration(event.durationMs)}`}
          onClick={() => onSelect(event)}
        />
      )
    })}
  </>
))

function barStyle({ left, width, lane }: Bar): Record<string, string> {
  return { left: percent(left), width: percent(width), '--lane': String(lane) }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}

function shortly(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1000)}s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)}m`
  return `${Math.round(ms / 3_600_000)}h`
}
