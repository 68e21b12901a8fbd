import type { AttributeView } from './attribute-view.js'
import { MOST_NAMES, numberOfName } from './names.js'

/** Says which of some names an attribute has. */
export class WantedNames {
  readonly #placeOfNumber = new Int16Array(MOST_NAMES).fill(-1)
  readonly #places = new Map<string, number>()

  /** @param names each has the place at which it stands here. */
  constructor(names: readonly string[]) {
    for (const [place, name] of names.entries()) {
      this.#places.set(name, place)
      const number = numberOfName(name)
      if (number >= 0) this.#placeOfNumber[number] = place
    }
  }

  /** The place of the attribute's name; negative where it is not wanted. */
  placeIn(attributes: AttributeView, index: number): number {
    const number = attributes.number(index)
    if (number >= 0) return this.#placeOfNumber[number] as number
    return this.placeOf(attributes.name(index))
  }

  placeOf(name: string): number {
    return this.#places.get(name) ?? -1
  }
}
