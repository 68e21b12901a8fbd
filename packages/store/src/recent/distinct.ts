/**
 * Texts of which each counts once. Which they are is asked for once in many of them: until then they
 * are only put one after the other, as long as they do not pile up.
 */
export class Distinct {
  private texts: string[] = NONE
  /** So many of them, from the first on, are in their form, and each is there once. */
  private settled = 0

  /** @param form in which texts that mean the same are equal. */
  private readonly form: ((text: string) => string) | undefined

  constructor(form?: (text: string) => string) {
    this.form = form
  }

  add(text: string): void {
    const { texts } = this
    const { length } = texts
    if (length === 0) {
      this.texts = [text]
      return
    }
    if (texts[length - 1] === text) return
    texts.push(text)
    if (length > MOST_UNSETTLED && length > this.settled * 2) this.settle()
  }

  /** Each once; as they are now, until another one is added. */
  values(): readonly string[] {
    if (this.settled < this.texts.length) this.settle()
    return this.texts
  }

  /** A copy that may be added to. */
  copy(): Distinct {
    const copy = new Distinct(this.form)
    copy.texts = [...this.values()]
    copy.settled = copy.texts.length
    return copy
  }

  private settle(): void {
    const { texts, form } = this
    if (form)
      for (let index = this.settled; index < texts.length; index += 1) texts[index] = form(texts[index] as string)
    if (texts.length > FEW) this.texts = [...new Set(texts)]
    else if (texts.length > 1) {
      let kept = this.settled
      for (let index = kept; index < texts.length; index += 1) {
        const text = texts[index] as string
        texts[kept] = text
        if (texts.indexOf(text) === kept) kept += 1
      }
      texts.length = kept
    }
    this.settled = this.texts.length
  }
}

const NONE: string[] = []
const MOST_UNSETTLED = 64
/** So many are looked through one by one sooner than they are in a set. */
const FEW = 24
