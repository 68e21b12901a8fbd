import type { VNode } from 'preact'
import type { Session } from '../../api/answers.js'
import { SOURCES } from '../lib/sources.js'

export function SourceBadge({ source }: { source: Session['source'] }): VNode {
  const { label, why } = SOURCES[source]
  return (
    <span class={`badge source-${source}`} title={why}>
      {label}
    </span>
  )
}
