import type { AttributeNotes, AttributeView } from '@mcpcat/collector'
import { NO_SHAPE, WantedNames } from '@mcpcat/collector'
import { PREFIX_MCPCAT_TAG, PREFIX_MCPCAT_USER } from '@mcpcat/semconv'

/** Names with such a prefix are no attributes of their own. */
export const TAG = 0
export const TRAIT = 1
export const PREFIXES: readonly string[] = [PREFIX_MCPCAT_TAG, PREFIX_MCPCAT_USER]

/** Which attributes an event has, by their names and in their order. */
export interface AttributeShape {
  /** Of each, its place; or -1. */
  readonly places: Int16Array
  /** Of each, its prefix; or -1. */
  readonly prefixes: Int8Array
  /** Where the attribute of each place is, the last of several of one name; or -1. */
  readonly indices: Int32Array
  readonly mayRepeat: boolean
  readonly hasTags: boolean
  readonly hasTraits: boolean
  /** Places of attributes that have columns of their own if they say anything. */
  readonly columned: Int32Array
  /** The attributes that have none, whatever they say, and their names. */
  readonly others: Int32Array
  readonly otherNames: readonly string[]
}

/**
 * Finds the shapes of events. It remembers some: events of a kind have the same attributes in the same order, and
 * need not be looked at name by name.
 */
export class AttributeShapes {
  readonly #wanted: WantedNames
  readonly #prefixed = new WantedNames([], PREFIXES)
  readonly #contents: number
  readonly #columned: number
  readonly #places: number
  /** By the numbers that views give their shapes. */
  #known: (AttributeShape | undefined)[] = []
  #count = 0

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
    this.#places = distinct.length
  }

  /** How many places there are. */
  get places(): number {
    return this.#places
  }

  placeOf(name: string): number {
    return this.#wanted.placeOf(name)
  }

  of(notes: AttributeNotes, view: AttributeView): AttributeShape {
    const { shape: number } = view
    if (number === NO_SHAPE) return this.#shapeOf(notes, view)
    return this.#known[number] ?? this.#remembered(number, this.#shapeOf(notes, view))
  }

  #remembered(number: number, shape: AttributeShape): AttributeShape {
    if (this.#count === MOST_KNOWN) {
      this.#known = []
      this.#count = 0
    }
    this.#count += 1
    return (this.#known[number] = shape)
  }

  #shapeOf({ length, numbers }: AttributeNotes, view: AttributeView): AttributeShape {
    const places = new Int16Array(length)
    const prefixes = new Int8Array(length)
    const indices = new Int32Array(this.#places).fill(-1)
    const seen = new Set<number>()
    for (let index = 0; index < length; index += 1) {
      const name = view.name(index)
      const place = (places[index] = this.#wanted.placeOf(name))
      prefixes[index] = this.#prefixed.placeOf(name)
      if (place >= 0) indices[place] = index
      seen.add(numbers[index] as number)
    }
    const others = Array.from(places.keys()).filter(
      (index) => !this.#mayBeColumn(places[index] as number) && prefixes[index] !== TAG,
    )
    return {
      places,
      prefixes,
      indices,
      mayRepeat: seen.size < length || seen.has(NO_NUMBER),
      hasTags: prefixes.includes(TAG),
      hasTraits: prefixes.includes(TRAIT),
      columned: Int32Array.from(places.filter((place) => place >= this.#contents && this.#mayBeColumn(place))),
      others: Int32Array.from(others),
      otherNames: others.map((index) => view.name(index)),
    }
  }

  #mayBeColumn(place: number): boolean {
    return place >= 0 && place < this.#columned
  }
}

const NO_NUMBER = -1
/** Shapes that are remembered; with one more, all are found anew. */
const MOST_KNOWN = 1000
