import type { EventFacts } from '../event-facts.js'

/**
 * Which events of a strand are held: of each its start and some of its id, 16 bytes. Enough to be sure
 * of an event that it is not among them; one that seems to be is another one once in four billion times
 * that two events of a strand start at the same time.
 */
export class HeldEvents {
  /** A start as a double, and the mark of an id; in order of start. */
  private readonly places: number[] = []

  get size(): number {
    return this.places.length / 2
  }

  /** False when it may be there already, and then it is not added. */
  add({ about: at, mark }: EventFacts): boolean {
    const { places } = this
    const { length } = places
    if (length === 0 || at > (places[length - 2] as number)) {
      places.push(at, mark)
      return true
    }
    const index = firstAfter(places, at)
    for (let before = index - 2; before >= 0 && places[before] === at; before -= 2) {
      if (places[before + 1] === mark) return false
    }
    places.splice(index, 0, at, mark)
    return true
  }
}

/** The index of the first of them that starts later. */
function firstAfter(places: readonly number[], at: number): number {
  let low = 0
  let high = places.length / 2
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((places[middle * 2] as number) <= at) low = middle + 1
    else high = middle
  }
  return low * 2
}
