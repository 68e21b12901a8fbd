import type { AttributeView } from '../attributes/attribute-view.js'
import { ListedAttributes } from '../attributes/attribute-view.js'
import type { SharedAttribute } from '../attributes/shared-attributes.js'
import type { AnyValue, KeyValue, Span, SpanEvent, SpanLink, SpanStatus } from '../traces.js'
import type { WireAttributes } from './wire-attributes.js'

/** A span whose attributes are still in the bytes of its request, until somebody asks for the list of them. */
export class WireSpan implements Span {
  traceId = ''
  spanId = ''
  traceState = ''
  parentSpanId = ''
  flags = 0
  name = ''
  kind = 0
  startTimeUnixNano = 0n
  endTimeUnixNano = 0n
  droppedAttributesCount = 0
  events: SpanEvent[] = []
  droppedEventsCount = 0
  links: SpanLink[] = []
  droppedLinksCount = 0
  status: SpanStatus = { message: '', code: 0 }
  #wire: WireAttributes | undefined
  #list: KeyValue[] = NONE
  #note: object | undefined

  /** @param wire its attributes, when all are read. */
  decoded(wire: WireAttributes): this {
    this.#wire = wire
    return this
  }

  /** A list that may be changed; from now on it says what the attributes are. */
  get attributes(): KeyValue[] {
    // Whoever has the list may change it any time.
    if (this.#wire) this.#replaceBy(this.#wire.list())
    return this.#list
  }

  set attributes(list: KeyValue[]) {
    this.#replaceBy(list)
  }

  #replaceBy(list: KeyValue[]): void {
    this.#list = list
    this.#wire = undefined
    this.#note = undefined
  }

  get view(): AttributeView {
    return this.#wire ?? new ListedAttributes(this.#list)
  }

  copy(): WireSpan {
    const copy = Object.assign(new WireSpan(), this)
    copy.#note = this.#note
    if (this.#wire) copy.#wire = this.#wire.copy()
    else copy.#list = this.#list.map(({ key, value }) => ({ key, value }))
    return copy
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

const NONE: KeyValue[] = []
