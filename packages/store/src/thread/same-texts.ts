/** The same object for the same text, as long as it is remembered: such are compared without looking at what they say. */
export class SameTexts {
  readonly #texts = new Map<string, string>()

  of(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    if (this.#texts.size === MOST) this.#texts.clear()
    this.#texts.set(text, text)
    return text
  }
}

const MOST = 1000
