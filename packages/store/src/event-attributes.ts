import type { AttributeView, ByteSource } from '@mcpcat/collector'
import { AttributeNotes, listedAttributes, MOST_NAMES, valueText, WantedNames } from '@mcpcat/collector'
import { PREFIX_MCPCAT_TAG, PREFIX_MCPCAT_USER } from '@mcpcat/semconv'
import type { MapColumn, Pairs } from './native/maps.js'
import type { TextColumn } from './native/text-column.js'

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
  readonly #notes = new AttributeNotes()
  /** Of each attribute of the view, its place and its prefix; or -1. */
  #places = new Int16Array(FEW)
  #prefixes = new Int8Array(FEW)
  /** Where in the view the attribute of each place is, the last of several of one name; or -1. */
  readonly #indices: Int32Array
  readonly #texts: (string | undefined)[]
  /** When a name was seen last, by its number. */
  readonly #seen = new Int32Array(MOST_NAMES)
  #reading = 0
  #mayRepeat = false
  #hasTags = false
  #hasTraits = false

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
    view.noteInto(this.#notes)
    const { length, numbers } = this.#notes
    if (length > this.#places.length) {
      this.#places = new Int16Array(length * 2)
      this.#prefixes = new Int8Array(length * 2)
    }
    const reading = (this.#reading += 1)
    this.#mayRepeat = false
    this.#hasTags = false
    this.#hasTraits = false
    this.#indices.fill(-1)
    for (let place = 0; place < this.#texts.length; place += 1) this.#texts[place] = undefined
    for (let index = 0; index < length; index += 1) {
      const number = numbers[index] as number
      if (number < 0) {
        const name = view.name(index)
        this.#note(index, this.#wanted.placeOf(name), this.#prefixed.placeOf(name))
        this.#mayRepeat = true
        continue
      }
      this.#note(index, this.#wanted.placeOfNumber(number), this.#prefixed.placeOfNumber(number))
      if (this.#seen[number] === reading) this.#mayRepeat = true
      else this.#seen[number] = reading
    }
  }

  #note(index: number, place: number, prefix: number): void {
    this.#places[index] = place
    this.#prefixes[index] = prefix
    if (place >= 0) this.#indices[place] = index
    if (prefix === TAG) this.#hasTags = true
    else if (prefix === TRAIT) this.#hasTraits = true
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
    const start = this.#notes.starts[index] as number
    return start < 0 ? this.text(place).length : (this.#notes.ends[index] as number) - start
  }

  pushTo(column: TextColumn, place: number): void {
    const index = this.#indices[place] as number
    if (index < 0) return column.push('')
    const start = this.#notes.starts[index] as number
    if (start < 0) column.push(this.text(place))
    else column.pushUtf8(this.#view.source as ByteSource, start, this.#notes.ends[index] as number)
  }

  get tags(): Pairs {
    return this.#hasTags ? this.#ofPrefix(TAG) : NONE
  }

  get traits(): Pairs {
    return this.#hasTraits ? this.#ofPrefix(TRAIT) : NONE
  }

  /** All but tags and those with columns of their own. */
  pushOthersTo(column: MapColumn): void {
    const view = this.#view
    if (this.#mayRepeat)
      return column.push(this.#distinct((index) => (this.#isOther(index) ? view.name(index) : undefined)))
    const { length, starts, ends } = this.#notes
    for (let index = 0; index < length; index += 1) {
      if (!this.#isOther(index)) continue
      const start = starts[index] as number
      if (start < 0) column.put(view.name(index), this.#textAt(index))
      else column.putUtf8(view.name(index), this.#view.source as ByteSource, start, ends[index] as number)
    }
    column.endRow()
  }

  #isOther(index: number): boolean {
    const place = this.#places[index] as number
    if (place >= 0 && place < this.#columned) return place >= this.#contents && this.size(place) === 0
    return this.#prefixes[index] !== TAG
  }

  #ofPrefix(prefix: number): Pairs {
    const { length } = PREFIXES[prefix] as string
    return this.#distinct((index) =>
      this.#prefixes[index] === prefix ? this.#view.name(index).slice(length) : undefined,
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
    return (this.#notes.starts[index] as number) < 0
      ? valueText(this.#view.value(index))
      : (this.#view.string(index) as string)
  }
}

const NONE: Pairs = []
/** Of a span; there is room for more when they come. */
const FEW = 64
