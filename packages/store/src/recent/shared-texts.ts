/**
 * A few texts of which each counts once, in order of their UTF-16 units. Nobody changes them, so that many share them:
 * the tools of a server are the same few in most of its sessions.
 */
export class SharedTexts {
  readonly texts: readonly string[]
  /** These texts and one more, by that one. */
  readonly #more = new Map<string, SharedTexts>()

  constructor(texts: readonly string[]) {
    this.texts = texts
  }

  /** Undefined where they would be too many. */
  with(text: string): SharedTexts | undefined {
    const { texts } = this
    for (let index = 0; index < texts.length; index += 1) if (texts[index] === text) return this
    const known = this.#more.get(text)
    if (known) return known
    if (texts.length === MOST_TEXTS) return undefined
    const more = sharedTexts([...texts, text].toSorted())
    if (this.#more.size < MOST_TEXTS) this.#more.set(text, more)
    return more
  }
}

/** The same object for the same texts, as far as they are remembered. */
export function sharedTexts(texts: readonly string[]): SharedTexts {
  const name = JSON.stringify(texts)
  let known = shared.get(name)
  if (!known) {
    if (shared.size === MOST_SHARED) shared.clear()
    known = new SharedTexts(texts)
    shared.set(name, known)
  }
  return known
}

const shared = new Map<string, SharedTexts>()
const MOST_SHARED = 2000
const MOST_TEXTS = 16
