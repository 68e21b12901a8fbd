import type { EventFacts } from '../event-facts.js'
import { EMPTY, PairLists } from './pair-lists.js'

/**
 * Which events of strands are held: of each its start and some of its id, 16 bytes. Enough to be sure
 * of an event that it is not among them; one that seems to be is another one once in four billion times
 * that two events of a strand start at the same time.
 */
export class HeldEvents {
  /** Of a strand: starts as doubles, each with the mark of an id, in order of start. */
  readonly #places = new PairLists()

  /** How many events of a strand are held. */
  size(held: number): number {
    return this.#places.length(held) / 2
  }

  /** About when the first of them starts. */
  earliest(held: number): number {
    return this.size(held) === 0 ? Infinity : this.#places.at(held, 0)
  }

  /**
   * Adds an event to those of its strand.
   *
   * @returns what stands for them from now on; {@link HELD_ALREADY} when it may be there already, and then it is not added.
   */
  add(held: number, { about: at, mark }: Pick<EventFacts, 'about' | 'mark'>): number {
    const places = this.#places
    const length = places.length(held)
    if (length === 0 || at > places.at(held, length - 2)) return places.with(held, length, at, mark)
    const index = this.#firstAfter(held, at)
    for (let before = index - 2; before >= 0 && places.at(held, before) === at; before -= 2) {
      if (places.at(held, before + 1) === mark) return HELD_ALREADY
    }
    return places.with(held, index, at, mark)
  }

  /** Forgets those of a strand. */
  drop(held: number): void {
    this.#places.drop(held)
  }

  /** The index of the first of them that starts later. */
  #firstAfter(held: number, at: number): number {
    let low = 0
    let high = this.size(held)
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#places.at(held, middle * 2) <= at) low = middle + 1
      else high = middle
    }
    return low * 2
  }
}

/** Stands for no events of a strand. */
export const NONE_HELD: number = EMPTY
export const HELD_ALREADY = -1
