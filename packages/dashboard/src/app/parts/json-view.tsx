import type { VNode } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { jsonLines } from '../lib/json-lines.js'

const SHOWN_LINES = 1500

/** JSON text, indented and foldable; anything else as it is. Text nodes only. */
export function JsonView({ text }: { text: string }): VNode {
  const lines = useMemo(() => jsonLines(text), [text])
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set())
  const [all, setAll] = useState(false)
  if (!lines) return <PlainText text={text} />

  const shown: VNode[] = []
  for (let index = 0; index < lines.length && (all || shown.length < SHOWN_LINES); index++) {
    const opener = index
    const line = lines[index]
    if (!line) break
    const isFolded = line.closes !== undefined && folded.has(index)
    const closer = isFolded && line.closes !== undefined ? lines[line.closes] : undefined
    const toggle = (): void => {
      const next = new Set(folded)
      if (!next.delete(opener)) next.add(opener)
      setFolded(next)
    }
    shown.push(
      <div class="json-line" key={index} style={{ '--depth': String(line.depth) }}>
        {line.closes !== undefined && index > 0 && (
          <button
            type="button"
            class="json-fold"
            aria-expanded={!isFolded}
            aria-label={isFolded ? 'Unfold' : 'Fold'}
            onClick={toggle}
          />
        )}
        {line.tokens.map(({ kind, text: token }, at) => (
          <span class={`json-${kind}`} key={at}>
            {token}
          </span>
        ))}
        {closer && <span class="json-folded">… {(line.closes ?? 0) - index - 1}</span>}
        {closer?.tokens.map(({ kind, text: token }, at) => (
          <span class={`json-${kind}`} key={`closer${at}`}>
            {token}
          </span>
        ))}
      </div>,
    )
    if (isFolded && line.closes !== undefined) index = line.closes
  }
  return (
    <div class="code json" translate={false}>
      {shown}
      {!all && lines.length > SHOWN_LINES && (
        <button type="button" class="button quiet" onClick={() => setAll(true)}>
          Show all {lines.length.toLocaleString()} lines
        </button>
      )}
    </div>
  )
}

export function PlainText({ text }: { text: string }): VNode {
  return (
    <pre class="code" translate={false}>
      {text}
    </pre>
  )
}
