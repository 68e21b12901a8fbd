import type { VNode } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { jsonLines } from '../lib/json-lines.js'
import type { JsonLine, JsonToken } from '../lib/json-lines.js'

const SHOWN_LINES = 1500

/** JSON text, indented and foldable; anything else as it is. Text nodes only. */
export function JsonView({ text }: { text: string }): VNode {
  const lines = useMemo(() => jsonLines(text), [text])
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set())
  const [all, setAll] = useState(false)
  if (!lines) return <PlainText text={text} />

  const toggle = (index: number): void => {
    const next = new Set(folded)
    if (!next.delete(index)) next.add(index)
    setFolded(next)
  }
  const visible = unfolded(lines, folded)
  return (
    <div class="code json" translate={false}>
      {(all ? visible : visible.slice(0, SHOWN_LINES)).map((index) => (
        <Line key={index} lines={lines} index={index} isFolded={folded.has(index)} onToggle={() => toggle(index)} />
      ))}
      {!all && visible.length > SHOWN_LINES && (
        <button type="button" class="button quiet" onClick={() => setAll(true)}>
          Show all {lines.length.toLocaleString()} lines
        </button>
      )}
    </div>
  )
}

/** Indexes of the lines that no fold hides. */
function unfolded(lines: readonly JsonLine[], folded: ReadonlySet<number>): number[] {
  const visible: number[] = []
  for (let index = 0; index < lines.length; index++) {
    visible.push(index)
    if (folded.has(index)) index = lines[index]?.closes ?? index
  }
  return visible
}

interface LineProps {
  lines: readonly JsonLine[]
  index: number
  isFolded: boolean
  onToggle: () => void
}

function Line({ lines, index, isFolded, onToggle }: LineProps): VNode | null {
  const line = lines[index]
  if (!line) return null
  const { depth, tokens, closes } = line
  return (
    <div class="json-line" style={{ '--depth': String(depth) }}>
      {closes !== undefined && index > 0 && (
        <button
          type="button"
          class="json-fold"
          aria-expanded={!isFolded}
          aria-label={isFolded ? 'Unfold' : 'Fold'}
          onClick={onToggle}
        />
      )}
      <Tokens tokens={tokens} />
      {isFolded && closes !== undefined && (
        <>
          <span class="json-folded">… {closes - index - 1}</span>
          <Tokens tokens={lines[closes]?.tokens ?? []} />
        </>
      )}
    </div>
  )
}

function Tokens({ tokens }: { tokens: readonly JsonToken[] }): VNode {
  return (
    <>
      {tokens.map(({ kind, text }, at) => (
        <span class={`json-${kind}`} key={at}>
          {text}
        </span>
      ))}
    </>
  )
}

export function PlainText({ text }: { text: string }): VNode {
  return (
    <pre class="code" translate={false}>
      {text}
    </pre>
  )
}
