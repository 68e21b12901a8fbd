/**
 * Texts in one, without what it was made of: what `+` and `slice` give keeps its parts, or the whole
 * that it is cut from, for as long as it is kept itself.
 */
export function flat(...texts: string[]): string {
  return texts.join('')
}
