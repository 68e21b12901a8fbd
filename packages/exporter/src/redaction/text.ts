import { REDACTED } from './assigned-secrets.js'
import type { Detector, Finding } from './detector.js'

/** Text is searched in windows of this many characters, so that a caller may pause between them. */
export const WINDOW = 8192

/** What detectors found so far, in order of position and without overlaps. */
export interface Search {
  text: string
  findings: Finding[]
  /** Everything before is searched. */
  searched: number
}

export function startSearch(text: string): Search {
  return { text, findings: [], searched: 0 }
}

/** Searches the next window; true when the text, or its first `limit` characters, are done. */
export function searchOn(search: Search, detectors: readonly Detector[], limit: number = search.text.length): boolean {
  // Nothing is looked for inside what will not leave anyway.
  const from = Math.max(search.searched, search.findings.at(-1)?.end ?? 0)
  const to = Math.min(limit, from + WINDOW)
  if (from < to) {
    const found: Finding[] = []
    for (const detector of detectors) detector.find(search.text, from, to, (finding) => found.push(finding))
    // Stable: among findings that begin together, the detector that comes first in the list names it.
    found.sort((a, b) => a.start - b.start)
    for (const finding of found) merge(search.findings, finding)
  }
  search.searched = Math.max(to, from)
  return search.searched >= limit
}

/** Overlapping findings become one, under the name of the first. */
function merge(findings: Finding[], finding: Finding): void {
  const last = findings.at(-1)
  if (!last || finding.start >= last.end) findings.push(finding)
  else if (finding.end > last.end) last.end = finding.end
}

/** The text up to `limit` with a marker in the place of each finding. */
export function withMarkers(search: Search, limit: number = search.text.length): string {
  const { text, findings } = search
  if (findings.length === 0) return limit < text.length ? text.slice(0, limit) : text
  const parts: string[] = []
  let at = 0
  for (const { start, end, label, replacement } of findings) {
    if (start >= limit) break
    parts.push(text.slice(at, start), replacement ?? (label === 'secret' ? REDACTED : `[REDACTED:${label}]`))
    at = end
  }
  if (at < limit) parts.push(text.slice(at, limit))
  return parts.join('')
}
