import type { VNode } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { formatBytes } from '../lib/format.js'
import { resultText } from '../lib/result-text.js'
import { CopyButton } from '../parts/copy-button.js'
import { JsonView, PlainText } from '../parts/json-view.js'

const VIEWS = { text: 'Text', json: 'JSON', raw: 'Raw' } as const
type View = keyof typeof VIEWS

/** One direction's payload: as the agent read it, as indented JSON, or byte for byte as captured. */
export function Payload({ title, text, size }: { title: string; text: string | null; size: number | null }): VNode {
  const read = useMemo(() => (text === null ? null : resultText(text)), [text])
  const [chosen, setChosen] = useState<View | null>(null)
  const views: View[] = read === null ? ['json', 'raw'] : ['text', 'json', 'raw']
  const view = chosen ?? views[0]
  return (
    <section class="section" data-payload={title.toLowerCase()}>
      <div class="section-head">
        <h3>{title}</h3>
        {size !== null && <span class="muted">{formatBytes(size)}</span>}
        {text !== null && (
          <>
            <div class="views" role="group" aria-label={`${title} as`}>
              {views.map((each) => (
                <button type="button" key={each} aria-pressed={each === view} onClick={() => setChosen(each)}>
                  {VIEWS[each]}
                </button>
              ))}
            </div>
            <CopyButton text={text} />
          </>
        )}
      </div>
      {text === null && <p class="muted">Not captured</p>}
      {text !== null && view === 'text' && <JsonView text={read ?? ''} />}
      {text !== null && view === 'json' && <JsonView text={text} />}
      {text !== null && view === 'raw' && <PlainText text={text} />}
    </section>
  )
}
