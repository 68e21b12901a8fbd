import type { ByteSource } from '../attributes/byte-source.js'
import type { AttributeNotes, AttributeView } from '../attributes/attribute-view.js'
import { NO_NUMBER, nameOfNumber, numberOfName } from '../attributes/names.js'
import { NO_SHAPE, repeatsName, shapeWith } from '../attributes/shapes.js'
import { sharedAttribute, type SharedAttribute } from '../attributes/shared-attributes.js'
import type { AnyValue, KeyValue } from '../traces.js'
import { REPLACED, type AttributeIndex } from './attribute-index.js'
import { keyValueAt } from './note-attributes.js'
import { decodeString } from './string-cache.js'

/** Attributes as they came, in the bytes of their request, and what was set since. */
export class WireAttributes implements AttributeView {
  readonly #decoded: number
  #index: AttributeIndex
  #first: number
  #shape: number
  /** In place of decoded ones; those of a {@link REPLACED} note. */
  #replacing: KeyValue[] | undefined
  /** Never changed, but replaced: others may have the same list. */
  #added: readonly SharedAttribute[] | undefined

  /**
   * @param first of them in the index, and how many.
   * @param shape of their names.
   */
  constructor(index: AttributeIndex, first: number, count: number, shape: number) {
    this.#decoded = count
    this.#index = index
    this.#first = first
    this.#shape = shape
    this.#replacing = undefined
    this.#added = undefined
  }

  get source(): ByteSource {
    return this.#index.source
  }

  get length(): number {
    return this.#added ? this.#decoded + this.#added.length : this.#decoded
  }

  get shape(): number {
    return this.#shape
  }

  number(index: number): number {
    return index < this.#decoded ? this.#index.name(this.#first + index) : this.#addedAt(index).number
  }

  name(index: number): string {
    const number = this.number(index)
    if (number !== NO_NUMBER) return nameOfNumber(number)
    return index < this.#decoded ? this.#keyValue(index).key : this.#addedAt(index).key
  }

  string(index: number): string | undefined {
    if (index >= this.#decoded) return this.#addedAt(index).value.stringValue
    const end = this.#index.end(this.#first + index)
    return end < 0 ? this.#keyValue(index).value.stringValue : this.#text(index, end)
  }

  value(index: number): AnyValue {
    if (index >= this.#decoded) return this.#addedAt(index).value
    const end = this.#index.end(this.#first + index)
    return end < 0 ? this.#keyValue(index).value : { stringValue: this.#text(index, end) }
  }

  start(index: number): number {
    return this.end(index) < 0 ? -1 : this.#index.start(this.#first + index)
  }

  end(index: number): number {
    return index < this.#decoded ? this.#index.end(this.#first + index) : -1
  }

  noteInto(notes: AttributeNotes): void {
    const { length } = this
    notes.reset(length)
    const { numbers, starts, ends } = notes
    const index = this.#index
    const decoded = this.#decoded
    let number = this.#first
    for (let at = 0; at < decoded; at += 1, number += 1) {
      const end = index.end(number)
      numbers[at] = index.name(number)
      starts[at] = end < 0 ? -1 : index.start(number)
      ends[at] = end
    }
    for (let at = decoded; at < length; at += 1) {
      numbers[at] = this.#addedAt(at).number
      starts[at] = -1
      ends[at] = -1
    }
  }

  /** Sets or replaces an attribute; the first, where there are several of that name. */
  set(key: string, value: AnyValue): void {
    const at = this.#placeOf(key)
    if (at < this.#decoded) return this.#replace(at, { key, value })
    const added = this.#added ? [...this.#added] : []
    const attribute = sharedAttribute(key, value)
    if (at === this.length) this.#shape = shapeWith(this.#shape, attribute.number)
    added[at - this.#decoded] = attribute
    this.#added = added
  }

  /** Adds attributes that others have too; nothing where one of their names is there already, and then returns false. */
  addShared(shared: readonly SharedAttribute[]): boolean {
    const shape = shapeWithAll(this.#shape, shared)
    // Where no name occurs twice, none of them was there.
    if ((shape === NO_SHAPE || repeatsName(shape)) && this.#hasAny(shared)) return false
    this.#shape = shape
    this.#added = this.#added ? [...this.#added, ...shared] : shared
    return true
  }

  #hasAny(shared: readonly SharedAttribute[]): boolean {
    for (let at = 0; at < this.length; at += 1) {
      const number = this.number(at)
      for (const attribute of shared) if (this.#has(at, number, attribute)) return true
    }
    return false
  }

  #placeOf(key: string): number {
    const named = { key, number: numberOfName(key) }
    let at = 0
    while (at < this.length && !this.#has(at, this.number(at), named)) at += 1
    return at
  }

  #has(at: number, number: number, { key, number: wanted }: Pick<SharedAttribute, 'key' | 'number'>): boolean {
    // A name may have been given its number since.
    return number === NO_NUMBER ? this.name(at) === key : number === wanted
  }

  /** All of them, as a list of their own. */
  list(): KeyValue[] {
    const list: KeyValue[] = []
    for (let index = 0; index < this.length; index += 1) list.push({ key: this.name(index), value: this.value(index) })
    return list
  }

  copy(): WireAttributes {
    const copy = new WireAttributes(this.#index, this.#first, this.#decoded, this.#shape)
    if (this.#replacing) {
      copy.#takeNotes()
      copy.#replacing = [...this.#replacing]
    }
    copy.#added = this.#added
    return copy
  }

  #text(index: number, end: number): string {
    return decodeString(this.source, this.#index.start(this.#first + index), end)
  }

  #addedAt(index: number): SharedAttribute {
    return (this.#added as readonly SharedAttribute[])[index - this.#decoded] as SharedAttribute
  }

  /** Of one whose value is no string in the bytes. */
  #keyValue(index: number): KeyValue {
    const number = this.#first + index
    const start = this.#index.start(number)
    if (this.#index.end(number) === REPLACED) return (this.#replacing as KeyValue[])[start] as KeyValue
    return keyValueAt(this.source, start)
  }

  #replace(index: number, by: KeyValue): void {
    if (!this.#replacing) this.#takeNotes()
    this.#replacing ??= []
    this.#index.replace(this.#first + index, this.#replacing.length)
    this.#replacing.push(by)
  }

  /** Takes its notes out of the request's, to change them. */
  #takeNotes(): void {
    this.#index = this.#index.slice(this.#first, this.#decoded)
    this.#first = 0
  }
}

function shapeWithAll(shape: number, attributes: readonly SharedAttribute[]): number {
  let all = shape
  for (const { number } of attributes) all = shapeWith(all, number)
  return all
}
