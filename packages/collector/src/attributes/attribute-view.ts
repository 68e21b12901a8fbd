import type { AnyValue, KeyValue } from '../traces.js'
import type { ByteSource } from './byte-source.js'
import { numberOfName } from './names.js'
import { EMPTY_SHAPE, NO_SHAPE, shapeWith } from './shapes.js'

/**
 * Attributes in their order, looked at in place: nothing is made of those that nobody asks for. It
 * is valid until the attributes are changed.
 */
export interface AttributeView {
  readonly length: number
  /** Stands for their names in order, see `shapes.ts`; {@link NO_SHAPE} where nothing does. */
  readonly shape: number
  /** Number of the name, as by `numberOfName`; negative where it has none. */
  number(index: number): number
  name(index: number): string
  /** Undefined where the value is no string. */
  string(index: number): string | undefined
  value(index: number): AnyValue
  /** The bytes in which {@link start} and {@link end} say where a string is; absent where strings are none. */
  readonly source: ByteSource | undefined
  /** Where a string value begins in {@link source}; negative where the value is no string, or not there. */
  start(index: number): number
  end(index: number): number
  /** Notes all of them at once: whoever looks at each more than once asks for less that way. */
  noteInto(notes: AttributeNotes): void
}

/** Where attributes are: of each what a view says of it. */
export class AttributeNotes {
  length = 0
  numbers: Int32Array = new Int32Array(FEW)
  starts: Int32Array = new Int32Array(FEW)
  ends: Int32Array = new Int32Array(FEW)

  /** Makes room for so many, of which nothing is noted yet. */
  reset(length: number): void {
    if (length > this.numbers.length) {
      this.numbers = new Int32Array(length * 2)
      this.starts = new Int32Array(length * 2)
      this.ends = new Int32Array(length * 2)
    }
    this.length = length
  }
}

const FEW = 64

/** A view of a list. */
export class ListedAttributes implements AttributeView {
  readonly #attributes: readonly KeyValue[]
  readonly source = undefined

  constructor(attributes: readonly KeyValue[]) {
    this.#attributes = attributes
  }

  get length(): number {
    return this.#attributes.length
  }

  get shape(): number {
    let shape = EMPTY_SHAPE
    for (let index = 0; index < this.length && shape !== NO_SHAPE; index += 1)
      shape = shapeWith(shape, this.number(index))
    return shape
  }

  number(index: number): number {
    return numberOfName(this.name(index))
  }

  name(index: number): string {
    return this.#at(index).key
  }

  string(index: number): string | undefined {
    return this.#at(index).value.stringValue
  }

  value(index: number): AnyValue {
    return this.#at(index).value
  }

  start(): number {
    return -1
  }

  end(): number {
    return -1
  }

  noteInto(notes: AttributeNotes): void {
    const { length } = this
    notes.reset(length)
    for (let index = 0; index < length; index += 1) {
      notes.numbers[index] = this.number(index)
      notes.starts[index] = -1
      notes.ends[index] = -1
    }
  }

  #at(index: number): KeyValue {
    return this.#attributes[index] as KeyValue
  }
}
