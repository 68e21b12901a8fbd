/** Numbers for texts of one batch, in the order in which they come. */
export class TextNumbers {
  readonly texts: string[] = []
  readonly #numbers = new Map<string, number>()
  #last = ''
  #lastNumber = -1

  /** The same for the same text. */
  of(text: string): number {
    if (text === this.#last && this.#lastNumber >= 0) return this.#lastNumber
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.add(text)
      this.#numbers.set(text, number)
    }
    this.#last = text
    this.#lastNumber = number
    return number
  }

  /** A number of its own, for a text that is like no other. */
  add(text: string): number {
    return this.texts.push(text) - 1
  }
}
