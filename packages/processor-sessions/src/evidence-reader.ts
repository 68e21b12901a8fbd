import type { AttributeView, Resource, Span } from '@mcpcat/collector'
import { attributesOf, listedAttributes, valueText, WantedNames } from '@mcpcat/collector'
import { ATTR_MCP_METHOD_NAME, ATTR_MCPCAT_EVENT_TYPE } from '@mcpcat/semconv'
import type { SessionRules } from '@mcpcat/sessions'
import { strandAttributes } from '@mcpcat/sessions'

/** Reads what spans say of whose they are: one look at each attribute, however much is asked. */
export interface EvidenceReader {
  /** @returns false where the span is no MCP event: nothing is known of it then. */
  read(span: Span, resource: Resource): boolean
  /** A value of what was read last. */
  readonly get: (name: string) => string | undefined
}

/** What only MCP events have. */
const MARKS = [ATTR_MCP_METHOD_NAME, ATTR_MCPCAT_EVENT_TYPE]

export function evidenceReader(rules: SessionRules): EvidenceReader {
  const names = [...new Set([...MARKS, ...strandAttributes(rules)])]
  const wanted = new WantedNames(names)
  const values: (string | undefined)[] = Array.from({ length: names.length })
  let resourceRead: Resource | undefined
  let ofResource: (string | undefined)[] = []

  /** @returns whether there is a mark among them. */
  function readInto(into: (string | undefined)[], attributes: AttributeView): boolean {
    into.fill(undefined)
    let marked = false
    for (let index = 0; index < attributes.length; index += 1) {
      const place = wanted.placeIn(attributes, index)
      if (place < 0) continue
      if (place < MARKS.length) marked = true
      // Of several of one name, the last.
      into[place] = attributes.start(index) < 0 ? valueText(attributes.value(index)) : attributes.string(index)
    }
    return marked
  }

  return {
    read(span, resource) {
      if (resource !== resourceRead) {
        ofResource = Array.from({ length: names.length })
        readInto(ofResource, listedAttributes(resource.attributes))
        resourceRead = resource
      }
      return readInto(values, attributesOf(span))
    },
    get(name) {
      const place = wanted.placeOf(name)
      // What the span says comes before what its resource says.
      return place < 0 ? undefined : (values[place] ?? ofResource[place])
    },
  }
}
