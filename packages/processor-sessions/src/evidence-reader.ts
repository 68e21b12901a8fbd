import type { AttributeView, Resource, Span } from '@mcpcat/collector'
import { attributesOf, listedAttributes, valueText, WantedNames } from '@mcpcat/collector'
import { ATTR_MCP_METHOD_NAME, ATTR_MCPCAT_EVENT_TYPE } from '@mcpcat/semconv'

/** Reads what spans say of whose they are: one look at each attribute, however much is asked. */
export interface EvidenceReader {
  /** @returns false where the span is no MCP event: nothing is known of it then. */
  read(span: Span, resource: Resource): boolean
  /** What was read last: of each name the value. */
  readonly values: readonly (string | undefined)[]
}

/** What only MCP events have. */
const MARKS = [ATTR_MCP_METHOD_NAME, ATTR_MCPCAT_EVENT_TYPE]

/** @param names of attributes whose values are wanted. */
export function evidenceReader(names: readonly string[]): EvidenceReader {
  const sought = [...new Set([...names, ...MARKS])]
  const isMark = sought.map((name) => MARKS.includes(name))
  const wanted = new WantedNames(sought)
  const none: undefined[] = Array.from({ length: names.length })
  const values: (string | undefined)[] = [...none]
  let resourceRead: Resource | undefined
  let ofResource: (string | undefined)[] = none

  /** @returns whether there is a mark among them. */
  function readInto(into: (string | undefined)[], attributes: AttributeView, otherwise: typeof into): boolean {
    for (let place = 0; place < into.length; place += 1) into[place] = otherwise[place]
    let marked = false
    const { length } = attributes
    for (let index = 0; index < length; index += 1) {
      const place = wanted.placeIn(attributes, index)
      if (place < 0) continue
      if (isMark[place]) marked = true
      // Of several of one name, the last.
      if (place < into.length)
        into[place] = attributes.start(index) < 0 ? valueText(attributes.value(index)) : attributes.string(index)
    }
    return marked
  }

  return {
    values,
    read(span, resource) {
      if (resource !== resourceRead) {
        ofResource = [...none]
        readInto(ofResource, listedAttributes(resource.attributes), none)
        resourceRead = resource
      }
      // What the span says comes before what its resource says.
      return readInto(values, attributesOf(span), ofResource)
    },
  }
}
