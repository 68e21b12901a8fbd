import type { AnyValue, KeyValue, Resource, Span } from '@mcpcat/collector'
import type { SessionRules } from '@mcpcat/sessions'
import { strandAttributes } from '@mcpcat/sessions'

/** Reads what spans say of whose they are: one look at each attribute, however much is asked. */
export interface EvidenceReader {
  read(span: Span, resource: Resource): void
  /** A value of what was read last. */
  readonly get: (name: string) => string | undefined
}

export function evidenceReader(rules: SessionRules): EvidenceReader {
  const named = new Set(strandAttributes(rules))
  const values = new Map<string, string>()

  function add(attributes: readonly KeyValue[]): void {
    for (const { key, value } of attributes) {
      if (!named.has(key) || values.has(key)) continue
      const text = valueText(value)
      if (text !== undefined) values.set(key, text)
    }
  }

  return {
    read(span, resource) {
      values.clear()
      // What the span says comes before what its resource says; of several of one name, the first.
      add(span.attributes)
      add(resource.attributes)
    },
    get: (name) => values.get(name),
  }
}

/** As text, where there is one of a value of this type. */
export function valueText(value: AnyValue): string | undefined {
  return value.stringValue ?? (value.intValue ?? value.boolValue ?? value.doubleValue)?.toString()
}
