import type { AttributeView } from '@mcpcat/collector'
import { listedAttributes, MOST_NAMES, valueText, WantedNames } from '@mcpcat/collector'
import { PREFIX_MCPCAT_TAG, PREFIX_MCPCAT_USER } from '@mcpcat/semconv'
import type { TextColumn } from './native/columns.js'
import type { MapColumn, Pairs } from './native/maps.js'

/** Names with this prefix are no attributes of their own: they are tags. */
const TAG = 0
const TRAIT = 1
const PREFIXES = [PREFIX_MCPCAT_TAG, PREFIX_MCPCAT_USER] as const

/**
 * The attributes of one event after the other. Those that columns are made of have a place, and become
 * text when somebody asks for it; the others go into their column from the bytes that they came in.
 */
export class EventAttributes {
  readonly #wanted: WantedNames
  readonly #prefixed = new WantedNames([], PREFIXES)
  readonly #contents: number
  readonly #columned: number
  #view = listedAttributes([])
  /** Where in the view the attribute of each place is, the last of several of one name; or -1. */
  readonly #indices: Int32Array
  readonly #texts: (string | undefined)[]
  /** When a name was seen last, by its number. */
  readonly #seen = new Int32Array(MOST_NAMES)
  #reading = 0
  #mayRepeat = false
  readonly #prefixes = [false, false]

  /**
   * @param contents names of attributes with a column of their own, whatever they say.
   * @param columned names of those with a column of their own, if they say anything.
   * @param names of others that have a place. Places count on from one list to the next.
   */
  constructor(contents: readonly string[], columned: readonly string[], names: readonly string[]) {
    const distinct = [...new Set([...contents, ...columned, ...names])]
    this.#wanted = new WantedNames(distinct)
    this.#contents = contents.length
    this.#columned = contents.length + columned.length
    this.#indices = new Int32Array(distinct.length)
    this.#texts = Array.from({ length: distinct.length })
  }

  read(view: AttributeView): void {
    this.#view = view
    this.#reading += 1
    this.#mayRepeat = false
    this.#prefixes.fill(false)
    this.#indices.fill(-1)
    this.#texts.fill(undefined)
    const { length } = view
    for (let index = 0; index < length; index += 1) {
      const place = this.#wanted.placeIn(view, index)
      if (place >= 0) this.#indices[place] = index
      const prefix = this.#prefixed.placeIn(view, index)
      if (prefix >= 0) this.#prefixes[prefix] = true
      const number = view.number(index)
      if (number < 0 || this.#seen[number] === this.#reading) this.#mayRepeat = true
      else this.#seen[number] = this.#reading
    }
  }

  has(place: number): boolean {
    return (this.#indices[place] as number) >= 0
  }

  /** Empty where there is none. */
  text(place: number): string {
    const known = this.#texts[place]
    if (known !== undefined) return known
    const index = this.#indices[place] as number
    return (this.#texts[place] = index < 0 ? '' : this.#textAt(index))
  }

  /** By name, of those that have a place; undefined where there is none. */
  get(name: string): string | undefined {
    const place = this.#wanted.placeOf(name)
    return place < 0 || !this.has(place) ? undefined : this.text(place)
  }

  /** About how many bytes there are at a place. */
  size(place: number): number {
    const index = this.#indices[place] as number
    if (index < 0) return 0
    const start = this.#view.start(index)
    return start < 0 ? this.text(place).length : this.#view.end(index) - start
  }

  pushTo(column: TextColumn, place: number): void {
    const index = this.#indices[place] as number
    const start = index < 0 ? -1 : this.#view.start(index)
    if (start < 0) column.push(this.text(place))
    else column.pushUtf8(this.#view.bytes as Buffer, start, this.#view.end(index))
  }

  get tags(): Pairs {
    return this.#prefixes[TAG] ? this.#ofPrefix(TAG) : NONE
  }

  get traits(): Pairs {
    return this.#prefixes[TRAIT] ? this.#ofPrefix(TRAIT) : NONE
  }

  /** All but tags and those with columns of their own. */
  pushOthersTo(column: MapColumn): void {
    const view = this.#view
    const { length } = view
    if (this.#mayRepeat)
      return column.push(this.#distinct((index) => (this.#isOther(index) ? view.name(index) : undefined)))
    for (let index = 0; index < length; index += 1) {
      if (!this.#isOther(index)) continue
      const start = view.start(index)
      if (start < 0) column.put(view.name(index), this.#textAt(index))
      else column.putUtf8(view.name(index), view.bytes as Buffer, start, view.end(index))
    }
    column.endRow()
  }

  #isOther(index: number): boolean {
    const place = this.#wanted.placeIn(this.#view, index)
    if (place >= 0 && place < this.#columned) return place >= this.#contents && this.size(place) === 0
    return this.#prefixed.placeIn(this.#view, index) !== TAG
  }

  #ofPrefix(prefix: number): Pairs {
    const { length } = PREFIXES[prefix] as string
    return this.#distinct((index) =>
      this.#prefixed.placeIn(this.#view, index) === prefix ? this.#view.name(index).slice(length) : undefined,
    )
  }

  /** The last of several of one name counts. */
  #distinct(nameAt: (index: number) => string | undefined): Pairs {
    const values = new Map<string, string>()
    for (let index = 0; index < this.#view.length; index += 1) {
      const name = nameAt(index)
      if (name !== undefined) values.set(name, this.#textAt(index))
    }
    return [...values].flat()
  }

  #textAt(index: number): string {
    // What is decoded from bytes is well formed.
    return this.#view.start(index) < 0 ? valueText(this.#view.value(index)) : (this.#view.string(index) as string)
  }
}

const NONE: Pairs = []
