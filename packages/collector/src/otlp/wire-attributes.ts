import type { ByteSource } from '../attributes/byte-source.js'
import type { AttributeNotes, AttributeView } from '../attributes/attribute-view.js'
import { NO_NUMBER, nameOfNumber, numberOfName } from '../attributes/names.js'
import { NO_SHAPE, repeatsName, shapeWith } from '../attributes/shapes.js'
import { sharedAttribute, type SharedAttribute } from '../attributes/shared-attributes.js'
import type { AnyValue, KeyValue } from '../traces.js'
import { decodeString } from './string-cache.js'

/** What is noted of an attribute: the number of its name, where its message begins, and its value. */
const NAME = 0
const MESSAGE = 1
const KIND = 2
const START = 3
const END = 4
const FIELDS = 5

/** How a value is noted; of any other kind, its message says all. */
export const STRING_VALUE = 0
export const OTHER_VALUE = 1
/** Not what the message says: `START` is the place of what was set instead. */
const REPLACED = 2

/** Where a request's attributes are, five numbers for each. */
export class AttributeIndex {
  data: Int32Array
  count = 0

  /** @param room for so many; it grows. */
  constructor(room: number) {
    this.data = new Int32Array(FIELDS * Math.max(1, room))
  }

  /** @param message where the length of the KeyValue message is. */
  add(name: number, message: number, kind: number, start: number, end: number): void {
    let data = this.data
    const at = this.count * FIELDS
    if (at === data.length) {
      data = new Int32Array(at * 2)
      data.set(this.data)
      this.data = data
    }
    data[at] = name
    data[at + MESSAGE] = message
    data[at + KIND] = kind
    data[at + START] = start
    data[at + END] = end
    this.count += 1
  }
}

/** Decodes the KeyValue message at a place in a buffer. */
export type KeyValueAt = (source: ByteSource, position: number) => KeyValue

/** Attributes as they came, in the bytes of their request, and what was set since. */
export class WireAttributes implements AttributeView {
  readonly source: ByteSource
  readonly #keyValueAt: KeyValueAt
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
  constructor(
    source: ByteSource,
    keyValueAt: KeyValueAt,
    index: AttributeIndex,
    first: number,
    count: number,
    shape: number,
  ) {
    this.source = source
    this.#keyValueAt = keyValueAt
    this.#index = index
    this.#first = first * FIELDS
    this.#shape = shape
    this.#decoded = count
    this.#replacing = undefined
    this.#added = undefined
  }

  get length(): number {
    return this.#added ? this.#decoded + this.#added.length : this.#decoded
  }

  get shape(): number {
    return this.#shape
  }

  number(index: number): number {
    return index < this.#decoded ? this.#note(index, NAME) : this.#addedAt(index).number
  }

  name(index: number): string {
    const number = this.number(index)
    if (number !== NO_NUMBER) return nameOfNumber(number)
    return index < this.#decoded ? this.#keyValue(index).key : this.#addedAt(index).key
  }

  string(index: number): string | undefined {
    if (index >= this.#decoded) return this.#addedAt(index).value.stringValue
    if (this.#note(index, KIND) !== STRING_VALUE) return this.#keyValue(index).value.stringValue
    return decodeString(this.source, this.#note(index, START), this.#note(index, END))
  }

  value(index: number): AnyValue {
    if (index >= this.#decoded) return this.#addedAt(index).value
    if (this.#note(index, KIND) !== STRING_VALUE) return this.#keyValue(index).value
    return { stringValue: decodeString(this.source, this.#note(index, START), this.#note(index, END)) }
  }

  start(index: number): number {
    return index < this.#decoded && this.#note(index, KIND) === STRING_VALUE ? this.#note(index, START) : -1
  }

  end(index: number): number {
    return index < this.#decoded ? this.#note(index, END) : -1
  }

  noteInto(notes: AttributeNotes): void {
    const { length } = this
    notes.reset(length)
    const { numbers, starts, ends } = notes
    const { data } = this.#index
    const decoded = this.#decoded
    let at = this.#first
    for (let index = 0; index < decoded; index += 1, at += FIELDS) {
      numbers[index] = data[at + NAME] as number
      starts[index] = data[at + KIND] === STRING_VALUE ? (data[at + START] as number) : -1
      ends[index] = data[at + END] as number
    }
    for (let index = decoded; index < length; index += 1) {
      numbers[index] = this.#addedAt(index).number
      starts[index] = -1
      ends[index] = -1
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
    const first = this.#first / FIELDS
    const copy = new WireAttributes(this.source, this.#keyValueAt, this.#index, first, this.#decoded, this.#shape)
    if (this.#replacing) {
      copy.#takeNotes()
      copy.#replacing = [...this.#replacing]
    }
    copy.#added = this.#added
    return copy
  }

  #note(index: number, field: number): number {
    return this.#index.data[this.#first + index * FIELDS + field] as number
  }

  #addedAt(index: number): SharedAttribute {
    return (this.#added as readonly SharedAttribute[])[index - this.#decoded] as SharedAttribute
  }

  #keyValue(index: number): KeyValue {
    if (this.#note(index, KIND) === REPLACED)
      return (this.#replacing as KeyValue[])[this.#note(index, START)] as KeyValue
    return this.#keyValueAt(this.source, this.#note(index, MESSAGE))
  }

  #replace(index: number, by: KeyValue): void {
    if (!this.#replacing) this.#takeNotes()
    this.#replacing ??= []
    const note = index * FIELDS
    this.#index.data[note + KIND] = REPLACED
    this.#index.data[note + START] = this.#replacing.length
    this.#replacing.push(by)
  }

  /** Takes its notes out of the request's, to change them. */
  #takeNotes(): void {
    const own = new AttributeIndex(this.#decoded)
    own.data.set(this.#index.data.subarray(this.#first, this.#first + this.#decoded * FIELDS))
    this.#index = own
    this.#first = 0
  }
}

function shapeWithAll(shape: number, attributes: readonly SharedAttribute[]): number {
  let all = shape
  for (const { number } of attributes) all = shapeWith(all, number)
  return all
}
