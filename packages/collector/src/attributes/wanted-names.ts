import type { AttributeView } from './attribute-view.js'
import { MOST_NAMES, nameOfNumber, numberOfName } from './names.js'

const UNKNOWN = -2
const NOT_WANTED = -1

/** Says which of some names, or prefixes of names, an attribute has. */
export class WantedNames {
  readonly #places = new Map<string, number>()
  readonly #prefixes: readonly string[]
  /** What is known of numbered names. */
  readonly #placeOfNumber = new Int16Array(MOST_NAMES).fill(UNKNOWN)

  /**
   * @param names each has the place at which it stands here.
   * @param prefixes their places count on; they are those of names that are not wanted themselves.
   */
  constructor(names: readonly string[], prefixes: readonly string[] = []) {
    for (const [place, name] of names.entries()) {
      this.#places.set(name, place)
      // So that it has a number, whatever comes.
      numberOfName(name)
    }
    this.#prefixes = prefixes
  }

  /** The place of the attribute's name; negative where it is not wanted. */
  placeIn(attributes: AttributeView, index: number): number {
    const number = attributes.number(index)
    return number < 0 ? this.placeOf(attributes.name(index)) : this.placeOfNumber(number)
  }

  /** @param number of a name, as views and notes give it; not negative. */
  placeOfNumber(number: number): number {
    const place = this.#placeOfNumber[number] as number
    return place === UNKNOWN ? (this.#placeOfNumber[number] = this.placeOf(nameOfNumber(number))) : place
  }

  placeOf(name: string): number {
    const place = this.#places.get(name)
    if (place !== undefined) return place
    const prefix = this.#prefixes.findIndex((beginning) => name.startsWith(beginning))
    return prefix < 0 ? NOT_WANTED : this.#places.size + prefix
  }
}
