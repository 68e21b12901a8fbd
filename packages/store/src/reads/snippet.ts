/** What a line takes. */
const LENGTH = 160
const LEAD = 40

/**
 * As much of a text as a line takes, around the first of the words in it, and where the words are.
 *
 * @param words lower case.
 */
export function snippetOf(text: string, words: readonly string[]): { snippet: string; matches: [number, number][] } {
  // A letter whose lower case is longer would move what comes after it: then nothing is marked.
  const lower = text.toLowerCase()
  const searchable = lower.length === text.length ? lower : ''
  const found = words.map((word) => searchable.indexOf(word)).filter((at) => at >= 0)
  const first = found.length === 0 ? 0 : Math.min(...found)
  const start = text.length <= LENGTH ? 0 : Math.max(0, Math.min(first - LEAD, text.length - LENGTH))
  const snippet = text.slice(start, start + LENGTH)
  const within = searchable.slice(start, start + LENGTH)
  const matches = words.flatMap((word) => occurrences(within, word))
  return { snippet, matches: merged(matches) }
}

function occurrences(text: string, word: string): [number, number][] {
  const found: [number, number][] = []
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    found.push([at, at + word.length])
  }
  return found
}

function merged(ranges: readonly [number, number][]): [number, number][] {
  const result: [number, number][] = []
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = result.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}
