import type { AttributeView, ByteSource } from '@mcpcat/collector'
import { AttributeNotes, listedAttributes, valueText } from '@mcpcat/collector'
import type { AttributeShape } from './attribute-shapes.js'
import { AttributeShapes, PREFIXES, TAG, TRAIT } from './attribute-shapes.js'
import { hasBytes } from './native/copied-bytes.js'
import type { MapColumn, Pairs } from './native/maps.js'
import type { SparseTextColumn } from './native/sparse-text-column.js'
import type { TextColumn } from './native/text-column.js'
import type { PackedTexts } from './packed-texts.js'
import type { TextsInBytes } from './texts-in-bytes.js'

/**
 * The attributes of one event after the other. Those that columns are made of have a place, and become
 * text each time that somebody asks for it; the others go into their column from the bytes that they came in.
 */
export class EventAttributes {
  readonly #shapes: AttributeShapes
  #view = listedAttributes([])
  readonly #notes = new AttributeNotes()
  #shape: AttributeShape
  #source: ByteSource | undefined

  /** @param shapes of events with the attributes that columns are made of. */
  constructor(shapes: AttributeShapes) {
    this.#shapes = shapes
    this.#shape = shapes.of(this.#notes, this.#view)
  }

  read(view: AttributeView): void {
    this.#view = view
    this.#source = view.source
    view.noteInto(this.#notes)
    this.#shape = this.#shapes.of(this.#notes, view)
  }

  has(place: number): boolean {
    return (this.#shape.indices[place] as number) >= 0
  }

  /** Empty where there is none. */
  text(place: number): string {
    const index = this.#shape.indices[place] as number
    return index < 0 ? '' : this.#textAt(index)
  }

  /** Whether this is the {@link text} there; of bytes that say so, none is made. */
  says(place: number, text: string): boolean {
    const index = this.#shape.indices[place] as number
    if (index < 0) return text === ''
    const start = this.#notes.starts[index] as number
    if (start < 0 || (this.#notes.ends[index] as number) - start !== text.length) return this.text(place) === text
    const { bytes } = this.#source as ByteSource
    for (let at = 0; at < text.length; at += 1) {
      const byte = bytes[start + at] as number
      if (byte !== text.charCodeAt(at) || byte >= NOT_ASCII) return this.text(place) === text
    }
    return true
  }

  /**
   * Whether these are the texts at these places, empty ones where there is none.
   *
   * @returns false as well where it takes texts to find out.
   */
  sayInBytes(places: Int32Array, { source, starts }: TextsInBytes): boolean {
    const { indices } = this.#shape
    const notes = this.#notes
    const from = this.#source
    for (let at = 0; at < places.length; at += 1) {
      const index = indices[places[at] as number] as number
      const expected = starts[at] as number
      const length = (starts[at + 1] as number) - expected
      if (index < 0) {
        if (length > 0) return false
        continue
      }
      const start = notes.starts[index] as number
      if (!from || start < 0 || (notes.ends[index] as number) - start !== length) return false
      if (!hasBytes(from, start, source, expected, length)) return false
    }
    return true
  }

  /** By name, of those that have a place; undefined where there is none. */
  get(name: string): string | undefined {
    const place = this.#shapes.placeOf(name)
    return place < 0 || !this.has(place) ? undefined : this.text(place)
  }

  /** About how many bytes there are at a place. */
  size(place: number): number {
    const index = this.#shape.indices[place] as number
    if (index < 0) return 0
    const start = this.#notes.starts[index] as number
    return start < 0 ? this.text(place).length : (this.#notes.ends[index] as number) - start
  }

  pushTo(column: TextColumn, place: number): void {
    const index = this.#shape.indices[place] as number
    if (index < 0) return column.push('')
    const start = this.#notes.starts[index] as number
    if (start < 0) column.push(this.text(place))
    else column.pushUtf8(this.#source as ByteSource, start, this.#notes.ends[index] as number)
  }

  /** Nothing, where there is none. */
  putInto(column: SparseTextColumn, place: number): void {
    const index = this.#shape.indices[place] as number
    if (index < 0) return
    const start = this.#notes.starts[index] as number
    if (start < 0) column.put(this.text(place))
    else column.putUtf8(this.#source as ByteSource, start, this.#notes.ends[index] as number)
  }

  /** An empty text, where there is none. */
  addTo(texts: PackedTexts, place: number): void {
    const index = this.#shape.indices[place] as number
    const start = index < 0 ? -1 : (this.#notes.starts[index] as number)
    if (start < 0) texts.push(this.text(place))
    else texts.pushUtf8(this.#source as ByteSource, start, this.#notes.ends[index] as number)
  }

  get hasTraits(): boolean {
    return this.#shape.hasTraits
  }

  get tags(): Pairs {
    return this.#shape.hasTags ? this.#ofPrefix(TAG) : NONE
  }

  get traits(): Pairs {
    return this.#shape.hasTraits ? this.#ofPrefix(TRAIT) : NONE
  }

  /** All but tags and those with columns of their own. */
  pushOthersTo(column: MapColumn): void {
    const { mayRepeat, columned, others, otherNames, places } = this.#shape
    if (mayRepeat || this.#anyEmpty(columned)) {
      const isOther = (index: number): boolean =>
        others.includes(index) ||
        (columned.includes(places[index] as number) && this.size(places[index] as number) === 0)
      return column.push(this.#distinct((index) => (isOther(index) ? this.#view.name(index) : undefined)))
    }
    const { starts, ends } = this.#notes
    column.startRow(otherNames)
    for (let at = 0; at < others.length; at += 1) {
      const index = others[at] as number
      const start = starts[index] as number
      if (start < 0) column.put(this.#textAt(index))
      else column.putUtf8(this.#source as ByteSource, start, ends[index] as number)
    }
  }

  #anyEmpty(places: Int32Array): boolean {
    for (let at = 0; at < places.length; at += 1) if (this.size(places[at] as number) === 0) return true
    return false
  }

  #ofPrefix(prefix: number): Pairs {
    const { length } = PREFIXES[prefix] as string
    return this.#distinct((index) =>
      this.#shape.prefixes[index] === prefix ? this.#view.name(index).slice(length) : undefined,
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
const NOT_ASCII = 0x80
