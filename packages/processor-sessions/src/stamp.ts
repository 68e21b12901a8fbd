import type { AttributeView, SharedAttribute, Span } from '@mcpcat/collector'
import {
  addSharedAttributes,
  attributesOf,
  setSpanAttribute,
  sharedAttribute,
  valueText,
  WantedNames,
} from '@mcpcat/collector'
import {
  ATTR_MCPCAT_SESSION_CONFIDENCE,
  ATTR_MCPCAT_SESSION_HANDLE,
  ATTR_MCPCAT_SESSION_SOURCE,
  ATTR_SESSION_ID,
  ATTR_SESSION_PREVIOUS_ID,
} from '@mcpcat/semconv'
import type { Placement } from '@mcpcat/sessions'

/** The attributes that say which session a span is of: the same ones for all spans of that session. */
export type Stamp = readonly SharedAttribute[]

/** Makes stamps of placements. */
export function stamps(): (placement: Placement) => Stamp {
  // Of few rungs.
  const provenances = new Map<string, readonly SharedAttribute[]>()

  function provenance({ source, confidence }: Placement): readonly SharedAttribute[] {
    const name = `${source} ${confidence}`
    const known = provenances.get(name)
    if (known) return known
    const attributes = [
      sharedAttribute(ATTR_MCPCAT_SESSION_SOURCE, { stringValue: source }),
      sharedAttribute(ATTR_MCPCAT_SESSION_CONFIDENCE, { doubleValue: confidence }),
    ]
    provenances.set(name, attributes)
    return attributes
  }

  return (placement) => {
    const { sessionId, previousId } = placement
    const [source, confidence] = provenance(placement) as [SharedAttribute, SharedAttribute]
    const id = sharedAttribute(ATTR_SESSION_ID, { stringValue: sessionId })
    return previousId === undefined
      ? [id, source, confidence]
      : [id, source, confidence, sharedAttribute(ATTR_SESSION_PREVIOUS_ID, { stringValue: previousId })]
  }
}

/** Says on a span which session it is of. */
export function stampSpan(span: Span, stamp: Stamp): void {
  if (addSharedAttributes(span, stamp)) return
  const own = ownSession(attributesOf(span))
  // The application's own id is evidence: keep it for whoever computes sessions behind us.
  if (own !== undefined) setSpanAttribute(span, ATTR_MCPCAT_SESSION_HANDLE, { stringValue: own })
  for (const { key, value } of stamp) setSpanAttribute(span, key, value)
}

const stampedBefore = new WantedNames([ATTR_SESSION_ID, ATTR_MCPCAT_SESSION_SOURCE, ATTR_MCPCAT_SESSION_HANDLE])

/** A `session.id` that the application gave itself, unless it is kept already. */
function ownSession(attributes: AttributeView): string | undefined {
  let own: string | undefined
  for (let index = 0; index < attributes.length; index += 1) {
    const place = stampedBefore.placeIn(attributes, index)
    if (place === 0) own ??= valueText(attributes.value(index))
    // Ours, or kept.
    else if (place > 0) return undefined
  }
  return own
}
