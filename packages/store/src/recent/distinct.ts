import { SharedTexts, sharedTexts } from './shared-texts.js'

/** Texts of which each counts once, in order of their UTF-16 units. */
export class Distinct {
  private texts: string[] = NONE
  /** Those that wait to be put in order, where there are many. */
  private waiting: string[] = NONE

  add(text: string): void {
    const { texts, waiting } = this
    if (texts.length < MANY) this.insert(text)
    else if (waiting === NONE) this.waiting = [text]
    else {
      waiting.push(text)
      if (waiting.length > texts.length) this.settle()
    }
  }

  /** Each once, in order; as they are now, until another one is added. */
  values(): readonly string[] {
    if (this.waiting.length > 0) this.settle()
    return this.texts
  }

  /** A copy that may be added to. */
  copy(): Distinct {
    const copy = new Distinct()
    copy.texts = [...this.values()]
    return copy
  }

  private settle(): void {
    this.texts = [...new Set([...this.texts, ...this.waiting])].toSorted()
    this.waiting = NONE
  }

  private insert(text: string): void {
    const { texts } = this
    let low = 0
    let high = texts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = texts[middle] as string
      if (other === text) return
      if (other < text) low = middle + 1
      else high = middle
    }
    if (texts === NONE) this.texts = [text]
    else if (low === texts.length) texts.push(text)
    else texts.splice(low, 0, text)
  }
}

/**
 * Texts of which each counts once: often it is one, which needs nothing to hold it, or few, which are those of many
 * others and held once.
 */
export type Texts = string | SharedTexts | Distinct | undefined

/** Adds a text; texts that were there may be changed by it. */
export function withText(texts: Texts, text: string): Texts {
  if (texts instanceof SharedTexts) return texts.with(text) ?? distinctOf(texts.texts, text)
  if (texts instanceof Distinct) {
    texts.add(text)
    return texts
  }
  if (texts === undefined || texts === text) return text
  return sharedTexts(texts < text ? [texts, text] : [text, texts])
}

function distinctOf(texts: readonly string[], text: string): Distinct {
  const distinct = new Distinct()
  for (const each of texts) distinct.add(each)
  distinct.add(text)
  return distinct
}

export function withTexts(texts: Texts, more: Texts): Texts {
  let all = texts
  for (const text of textsOf(more)) all = withText(all, text)
  return all
}

/** Each once, in order; as they are now, until another one is added. */
export function textsOf(texts: Texts): readonly string[] {
  if (texts instanceof SharedTexts) return texts.texts
  return texts instanceof Distinct ? texts.values() : texts === undefined ? NONE : [texts]
}

/** A copy that may be added to. */
export function copyOf(texts: Texts): Texts {
  return texts instanceof Distinct ? texts.copy() : texts
}

const NONE: string[] = []
/** Among more of them, putting each into its place costs more than putting many in order now and then. */
const MANY = 1000
