import type { Pairs } from './native/maps.js'

export function objectOf(pairs: Pairs): Record<string, string> {
  const entries: [string, string][] = []
  for (let index = 0; index < pairs.length; index += 2) {
    entries.push([pairs[index] as string, pairs[index + 1] as string])
  }
  return Object.fromEntries(entries)
}
