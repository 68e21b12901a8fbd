import type { KeyValue, Span } from './traces.js'

/** All of a span but its attributes. */
export type SpanFields = Omit<Span, 'attributes'>

/** A copy that may be changed, of which attribute values alone are shared. */
export function copyOfFields<Fields extends SpanFields>(fields: Fields): Fields {
  return {
    ...fields,
    events: fields.events.map((event) => ({ ...event, attributes: copiesOf(event.attributes) })),
    links: fields.links.map((link) => ({ ...link, attributes: copiesOf(link.attributes) })),
    status: { ...fields.status },
  }
}

export function copiesOf(attributes: readonly KeyValue[]): KeyValue[] {
  return attributes.map(({ key, value }) => ({ key, value }))
}
