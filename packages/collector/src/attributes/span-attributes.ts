import { WireSpan } from '../otlp/wire-span.js'
import { setAttribute, type AnyValue, type KeyValue, type Span } from '../traces.js'
import { ListedAttributes, type AttributeView } from './attribute-view.js'
import type { SharedAttribute } from './shared-attributes.js'

/** The attributes of a span as they are, which costs less than the list of them. */
export function attributesOf(span: Span): AttributeView {
  return span instanceof WireSpan ? span.view : new ListedAttributes(span.attributes)
}

/** A view of a list, such as a resource's. */
export function listedAttributes(attributes: readonly KeyValue[]): AttributeView {
  return new ListedAttributes(attributes)
}

/** Sets or replaces an attribute of a span, without making a list where there is none. */
export function setSpanAttribute(span: Span, key: string, value: AnyValue): void {
  if (!(span instanceof WireSpan && span.setInPlace(key, value))) setAttribute(span.attributes, key, value)
}

/**
 * Adds attributes that many spans are given alike, with names that differ from each other: it costs
 * no object for each of them, nor time for each attribute.
 *
 * @returns false, and then nothing was added: the span has one of the names already, or its attributes are a list.
 * {@link setSpanAttribute} does it.
 */
export function addSharedAttributes(span: Span, shared: readonly SharedAttribute[]): boolean {
  return span instanceof WireSpan && span.addInPlace(shared)
}

/**
 * Leaves what a component found out about a span's attributes to those that come after it, which need
 * not find it out again. It is gone when the attributes change; some spans keep no notes.
 */
export function setNote(span: Span, note: object): void {
  if (span instanceof WireSpan) span.note = note
}

export function noteOf(span: Span): object | undefined {
  return span instanceof WireSpan ? span.note : undefined
}
