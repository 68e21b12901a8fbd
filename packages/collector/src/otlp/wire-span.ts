import { inspect } from 'node:util'
import type { AttributeView } from '../attributes/attribute-view.js'
import { ListedAttributes } from '../attributes/attribute-view.js'
import type { SharedAttribute } from '../attributes/shared-attributes.js'
import { copiesOf, copyOfFields, type SpanFields } from '../copy-span.js'
import type { AnyValue, KeyValue, Span, SpanEvent, SpanLink, SpanStatus } from '../traces.js'
import * as field from './span-index.js'
import type { SpanIndex } from './span-index.js'
import { WireAttributes } from './wire-attributes.js'

/** What few spans say; absent where one does not. */
export type RareFields = Partial<Pick<Span, 'traceState' | 'events' | 'links'>> & { statusMessage?: string }

/**
 * A span that is still in the bytes of its request: its attributes until somebody asks for the list of them, and its
 * other fields until one is set, or asked for that can be changed in place. Until then it is little more than a number.
 */
export class WireSpan implements Span {
  static {
    // What `console.log` shows.
    Object.defineProperty(this.prototype, inspect.custom, {
      value(this: WireSpan) {
        return this.plain()
      },
    })
  }

  readonly #index: SpanIndex
  readonly #number: number
  /** From when on the bytes do not say what the fields are. */
  #own: SpanFields | undefined
  #wire: WireAttributes | undefined
  /** In place of those. */
  #list: KeyValue[] | undefined
  #note: object | undefined

  /**
   * @param number of the span in the index, which says all of it but what is rare.
   * @param rare undefined where there is nothing such.
   */
  constructor(index: SpanIndex, number: number, rare: RareFields | undefined) {
    this.#index = index
    this.#number = number
    this.#own = rare ? fieldsOf(index, number, rare) : undefined
    this.#wire = new WireAttributes(
      index.attributes,
      index.get(number, field.FIRST_ATTRIBUTE),
      index.get(number, field.ATTRIBUTES),
      index.get(number, field.SHAPE),
    )
    this.#list = undefined
    this.#note = undefined
  }

  get traceId(): string {
    return this.#own ? this.#own.traceId : this.#index.traceId(this.#number)
  }

  set traceId(id: string) {
    this.#fields.traceId = id
  }

  get spanId(): string {
    return this.#own ? this.#own.spanId : this.#index.spanId(this.#number, field.SPAN_ID)
  }

  set spanId(id: string) {
    this.#fields.spanId = id
  }

  get traceState(): string {
    return this.#own ? this.#own.traceState : ''
  }

  set traceState(state: string) {
    this.#fields.traceState = state
  }

  get parentSpanId(): string {
    return this.#own ? this.#own.parentSpanId : this.#index.spanId(this.#number, field.PARENT_SPAN_ID)
  }

  set parentSpanId(id: string) {
    this.#fields.parentSpanId = id
  }

  get flags(): number {
    return this.#own ? this.#own.flags : this.#index.unsigned(this.#number, field.FLAGS)
  }

  set flags(flags: number) {
    this.#fields.flags = flags
  }

  get name(): string {
    return this.#own ? this.#own.name : this.#index.name(this.#number)
  }

  set name(name: string) {
    this.#fields.name = name
  }

  get kind(): number {
    return this.#own ? this.#own.kind : this.#index.get(this.#number, field.KIND)
  }

  set kind(kind: number) {
    this.#fields.kind = kind
  }

  get startTimeUnixNano(): bigint {
    return this.#own ? this.#own.startTimeUnixNano : this.#index.time(this.#number, field.START_TIME)
  }

  set startTimeUnixNano(time: bigint) {
    this.#fields.startTimeUnixNano = time
  }

  get endTimeUnixNano(): bigint {
    return this.#own ? this.#own.endTimeUnixNano : this.#index.time(this.#number, field.END_TIME)
  }

  set endTimeUnixNano(time: bigint) {
    this.#fields.endTimeUnixNano = time
  }

  /** A list that may be changed; from now on it says what the attributes are. */
  get attributes(): KeyValue[] {
    // Whoever has the list may change it any time.
    if (this.#wire) this.#replaceBy(this.#wire.list())
    return this.#list as KeyValue[]
  }

  set attributes(list: KeyValue[]) {
    this.#replaceBy(list)
  }

  get droppedAttributesCount(): number {
    return this.#own ? this.#own.droppedAttributesCount : this.#index.unsigned(this.#number, field.DROPPED_ATTRIBUTES)
  }

  set droppedAttributesCount(count: number) {
    this.#fields.droppedAttributesCount = count
  }

  get events(): SpanEvent[] {
    return this.#fields.events
  }

  set events(events: SpanEvent[]) {
    this.#fields.events = events
  }

  get droppedEventsCount(): number {
    return this.#own ? this.#own.droppedEventsCount : this.#index.unsigned(this.#number, field.DROPPED_EVENTS)
  }

  set droppedEventsCount(count: number) {
    this.#fields.droppedEventsCount = count
  }

  get links(): SpanLink[] {
    return this.#fields.links
  }

  set links(links: SpanLink[]) {
    this.#fields.links = links
  }

  get droppedLinksCount(): number {
    return this.#own ? this.#own.droppedLinksCount : this.#index.unsigned(this.#number, field.DROPPED_LINKS)
  }

  set droppedLinksCount(count: number) {
    this.#fields.droppedLinksCount = count
  }

  get status(): SpanStatus {
    return this.#fields.status
  }

  set status(status: SpanStatus) {
    this.#fields.status = status
  }

  /** Of which what is changed says what the fields are. */
  get #fields(): SpanFields {
    return (this.#own ??= fieldsOf(this.#index, this.#number, NOTHING_RARE))
  }

  /** The bytes of its request still say what its fields are: it has no events, no links, and no status but a code. */
  get isInBytes(): boolean {
    return this.#own === undefined
  }

  get source(): SpanIndex['source'] {
    return this.#index.source
  }

  get traceIdAt(): number {
    return this.#index.get(this.#number, field.TRACE_ID)
  }

  get spanIdAt(): number {
    return this.#index.get(this.#number, field.SPAN_ID)
  }

  get startTimeAt(): number {
    return this.#index.get(this.#number, field.START_TIME)
  }

  get endTimeAt(): number {
    return this.#index.get(this.#number, field.END_TIME)
  }

  get hasParent(): boolean {
    return this.#index.get(this.#number, field.PARENT_SPAN_ID) !== field.NOWHERE
  }

  get statusCode(): number {
    return this.#index.get(this.#number, field.STATUS_CODE)
  }

  #replaceBy(list: KeyValue[]): void {
    this.#list = list
    this.#wire = undefined
    this.#note = undefined
  }

  get view(): AttributeView {
    return this.#wire ?? new ListedAttributes(this.#list as KeyValue[])
  }

  /** All of it that is not in the bytes is copied as well, but attribute values. */
  copy(): WireSpan {
    const copy = new WireSpan(this.#index, this.#number, undefined)
    copy.#own = this.#own && copyOfFields(this.#own)
    copy.#wire = this.#wire?.copy()
    copy.#list = this.#list && copiesOf(this.#list)
    copy.#note = this.#note
    return copy
  }

  /** The same as plain data. */
  plain(): Span {
    const fields = this.#own ?? fieldsOf(this.#index, this.#number, NOTHING_RARE)
    return { ...fields, attributes: this.#wire?.list() ?? (this.#list as KeyValue[]) }
  }

  /** @returns false where there is a list already. */
  setInPlace(key: string, value: AnyValue): boolean {
    if (!this.#wire) return false
    this.#wire.set(key, value)
    this.#note = undefined
    return true
  }

  /** @returns false where there is a list already, or one of the names. */
  addInPlace(shared: readonly SharedAttribute[]): boolean {
    if (!this.#wire?.addShared(shared)) return false
    this.#note = undefined
    return true
  }

  /** What was found out about the attributes as they are. */
  get note(): object | undefined {
    return this.#note
  }

  set note(note: object) {
    if (this.#wire) this.#note = note
  }
}

const NOTHING_RARE: RareFields = {}

function fieldsOf(index: SpanIndex, number: number, rare: RareFields): SpanFields {
  return {
    traceId: index.traceId(number),
    spanId: index.spanId(number, field.SPAN_ID),
    traceState: rare.traceState ?? '',
    parentSpanId: index.spanId(number, field.PARENT_SPAN_ID),
    flags: index.unsigned(number, field.FLAGS),
    name: index.name(number),
    kind: index.get(number, field.KIND),
    startTimeUnixNano: index.time(number, field.START_TIME),
    endTimeUnixNano: index.time(number, field.END_TIME),
    droppedAttributesCount: index.unsigned(number, field.DROPPED_ATTRIBUTES),
    events: rare.events ?? [],
    droppedEventsCount: index.unsigned(number, field.DROPPED_EVENTS),
    links: rare.links ?? [],
    droppedLinksCount: index.unsigned(number, field.DROPPED_LINKS),
    status: { message: rare.statusMessage ?? '', code: index.get(number, field.STATUS_CODE) },
  }
}
