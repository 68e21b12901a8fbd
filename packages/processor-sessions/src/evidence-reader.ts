import type { AttributeView, Resource, Span } from '@mcpcat/collector'
import { attributesOf, listedAttributes, namesOfShape, NO_SHAPE, valueText, WantedNames } from '@mcpcat/collector'
import { ATTR_MCP_METHOD_NAME, ATTR_MCPCAT_EVENT_TYPE } from '@mcpcat/semconv'
import type { EvidenceKey } from './evidence-key.js'
import { MOST_VALUES } from './evidence-key.js'

/** What only MCP events have. */
const MARKS = [ATTR_MCP_METHOD_NAME, ATTR_MCPCAT_EVENT_TYPE]

/** Where attributes are that say whose an event is. */
interface Found {
  /** Of each name the last attribute; or -1. */
  readonly places: Int32Array
  /** It is an MCP event. */
  isMarked: boolean
}

/** Resources that say different things and have a number, at most; with one more, all get others. */
const MOST_RESOURCES = 1000

const NOTHING: AttributeView = listedAttributes([])

/** Reads what spans say of whose they are, one span at a time. */
export class EvidenceReader {
  readonly #count: number
  readonly #wanted: WantedNames
  readonly #isMark: readonly boolean[]
  readonly #byShape: (Found | undefined)[] = []
  /** Of names that are no shape. */
  readonly #any: Found
  #view = NOTHING
  #found: Found
  #resource: Resource | undefined
  /** What the resource says, and a number that stands for it. */
  #ofResource: readonly (string | undefined)[]
  #resourceNumber = 0
  readonly #numbers = new Map<string, number>()
  #lastNumber = 0

  /** @param names of attributes whose values are wanted. */
  constructor(names: readonly string[]) {
    const sought = [...new Set([...names, ...MARKS])]
    this.#count = names.length
    this.#wanted = new WantedNames(sought)
    this.#isMark = sought.map((name) => MARKS.includes(name))
    this.#any = this.#found = this.#nothing()
    this.#ofResource = names.map(() => undefined)
  }

  /** @returns false where the span is no MCP event: nothing is known of it then. */
  read(span: Span, resource: Resource): boolean {
    if (resource !== this.#resource) this.#readResource(resource)
    const view = attributesOf(span)
    this.#view = view
    this.#found = this.#foundIn(view)
    return this.#found.isMarked
  }

  /** Of each name the value, of what was read last: what the span says comes before what its resource says. */
  values(): (string | undefined)[] {
    const values = [...this.#ofResource]
    for (let at = 0; at < this.#count; at += 1) {
      const place = this.#found.places[at] as number
      if (place >= 0) values[at] = textAt(this.#view, place)
    }
    return values
  }

  /**
   * Writes a key that events have alike when their values are, of what was read last.
   *
   * @returns false where it has none: not all values are in bytes, or they are long.
   */
  writeTo(key: EvidenceKey): boolean {
    const view = this.#view
    const { source } = view
    if (source === undefined || this.#count > MOST_VALUES) return false
    key.begin(this.#resourceNumber)
    for (let at = 0; at < this.#count; at += 1) {
      const place = this.#found.places[at] as number
      if (place < 0) continue
      const start = view.start(place)
      if (start < 0 || !key.add(at, source, start, view.end(place))) return false
    }
    return true
  }

  /** Lets go of what was read last, and of the request that it is in the bytes of. */
  release(): void {
    this.#view = NOTHING
    this.#resource = undefined
  }

  #readResource(resource: Resource): void {
    const view = listedAttributes(resource.attributes)
    const { places } = this.#foundIn(view)
    this.#ofResource = Array.from(places.subarray(0, this.#count), (at) => (at < 0 ? undefined : textAt(view, at)))
    this.#resourceNumber = this.#numberOf(JSON.stringify(this.#ofResource))
    this.#resource = resource
  }

  #numberOf(values: string): number {
    let number = this.#numbers.get(values)
    if (number === undefined) {
      if (this.#numbers.size === MOST_RESOURCES) this.#numbers.clear()
      number = this.#lastNumber += 1
      this.#numbers.set(values, number)
    }
    return number
  }

  #foundIn(view: AttributeView): Found {
    const { shape } = view
    if (shape !== NO_SHAPE) return this.#byShape[shape] ?? this.#noteShape(shape)
    const found = this.#any
    found.places.fill(-1)
    found.isMarked = false
    for (let index = 0; index < view.length; index += 1) this.#note(found, this.#wanted.placeIn(view, index), index)
    return found
  }

  #noteShape(shape: number): Found {
    const found = this.#nothing()
    for (const [index, name] of namesOfShape(shape).entries())
      this.#note(found, this.#wanted.placeOfNumber(name), index)
    this.#byShape[shape] = found
    return found
  }

  #note(found: Found, at: number, index: number): void {
    if (at < 0) return
    if (this.#isMark[at]) found.isMarked = true
    found.places[at] = index
  }

  #nothing(): Found {
    return { places: new Int32Array(this.#isMark.length).fill(-1), isMarked: false }
  }
}

function textAt(view: AttributeView, index: number): string | undefined {
  return view.start(index) < 0 ? valueText(view.value(index)) : view.string(index)
}
