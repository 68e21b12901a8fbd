/** In which form texts that mean the same are equal, and which comes first. */
export interface TextOrder {
  readonly form: ((text: string) => string) | undefined
  readonly isBefore: (a: string, b: string) => boolean
}

/** As they are, by their UTF-16 units. */
export const BY_UNITS: TextOrder = { form: undefined, isBefore: (a, b) => a < b }

/**
 * Texts of which each counts once, in order. Which they are is asked for once in many of them: until
 * then they are only put one after the other, as long as they do not pile up.
 */
export class Distinct {
  /** In their form, in order, and each once. */
  private settled: string[] = NONE
  private unsettled: string[] = NONE
  private readonly order: TextOrder

  constructor(order: TextOrder) {
    this.order = order
  }

  add(text: string): void {
    const { unsettled } = this
    const { length } = unsettled
    if (length === 0) {
      if (unsettled === NONE) this.unsettled = [text]
      else unsettled.push(text)
      return
    }
    if (unsettled[length - 1] === text) return
    unsettled.push(text)
    if (length > MOST_UNSETTLED && length > this.settled.length) this.settle()
  }

  /** Each once, in order; as they are now, until another one is added. */
  values(): readonly string[] {
    if (this.unsettled.length > 0) this.settle()
    return this.settled
  }

  /** A copy that may be added to. */
  copy(): Distinct {
    const copy = new Distinct(this.order)
    copy.settled = [...this.values()]
    return copy
  }

  private settle(): void {
    const { form } = this.order
    const texts = form ? this.unsettled.map(form) : this.unsettled
    if (this.settled === NONE) this.settled = []
    if (texts.length <= FEW) for (const text of texts) this.insert(text)
    else {
      const { isBefore } = this.order
      const all = [...new Set([...this.settled, ...texts])]
      this.settled = all.toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
    }
    this.unsettled.length = 0
  }

  private insert(text: string): void {
    const { settled } = this
    const { isBefore } = this.order
    let low = 0
    let high = settled.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(settled[middle] as string, text)) low = middle + 1
      else high = middle
    }
    if (settled[low] === text) return
    if (low === settled.length) settled.push(text)
    else settled.splice(low, 0, text)
  }
}

const NONE: string[] = []
const MOST_UNSETTLED = 64
/** So many find their places one by one sooner than all are put in order. */
const FEW = 24
