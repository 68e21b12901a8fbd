/** Texts, each once. Mostly there are few, which an array finds as fast as a set, and keeps in less. */
export type Distinct = readonly string[] | ReadonlySet<string>

export const NO_TEXTS: Distinct = []

/** So many are looked through one by one. */
const FEW = 16

/** The texts with one more; the given ones are not to be used any more. */
export function withText(texts: Distinct, text: string): Distinct {
  if (!Array.isArray(texts)) return (texts as Set<string>).add(text)
  if (texts.length === 0) return [text]
  // Mostly it is the one that was first, or the latest.
  if (texts[0] === text || texts.includes(text)) return texts
  if (texts.length === FEW) return new Set(texts).add(text)
  texts.push(text)
  return texts
}

export function copiedTexts(texts: Distinct): Distinct {
  return Array.isArray(texts) ? [...texts] : new Set(texts)
}
