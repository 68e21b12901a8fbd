import type { VNode } from 'preact'
import { Icon } from '../parts/icon.js'
import { SPEEDS } from './use-playback.js'
import type { Playback } from './use-playback.js'

interface ReplayToolbarProps {
  shown: number
  total: number
  /** Events that the hide list covers. */
  noisy: number
  showAll: boolean
  onShowAll: (show: boolean) => void
  find: string
  searching: boolean
  onFind: (text: string) => void
  playback: Playback
  problem: Error | null
}

export function ReplayToolbar(props: ReplayToolbarProps): VNode {
  const { shown, total, noisy, showAll, onShowAll, find, searching, onFind, playback, problem } = props
  const { playing, speed, toggle, setSpeed } = playback
  return (
    <div class="toolbar">
      <button type="button" class="button play" aria-label={playing ? 'Pause' : 'Play'} onClick={toggle} title="Space">
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <div class="speeds" role="group" aria-label="Playback speed">
        {SPEEDS.map((each) => (
          <button type="button" key={each} aria-pressed={speed === each} onClick={() => setSpeed(each)}>
            {each}×
          </button>
        ))}
      </div>
      <label class="search">
        <Icon name="search" />
        <input
          type="search"
          aria-label="Search this session, arguments and results included"
          placeholder="Search this session"
          data-shortcut="/"
          value={find}
          onInput={(event) => onFind(event.currentTarget.value)}
        />
        <kbd>/</kbd>
      </label>
      <p class="muted toolbar-count" role="status">
        {find
          ? `${shown} found${searching ? ', searching payloads…' : ''}`
          : shown === total
            ? `${total} events`
            : `${shown} of ${total} events`}
      </p>
      {problem && (
        <p class="problem" role="alert">
          {problem.message}
        </p>
      )}
      {noisy > 0 && noisy < total && (
        <label class="toggle">
          <input type="checkbox" checked={!showAll} onChange={(event) => onShowAll(!event.currentTarget.checked)} />
          Hide {noisy} protocol {noisy === 1 ? 'message' : 'messages'}
        </label>
      )}
      <p class="keys" aria-hidden="true">
        <kbd>j</kbd>
        <kbd>k</kbd> step <kbd>space</kbd> play <kbd>esc</kbd> back
      </p>
    </div>
  )
}
