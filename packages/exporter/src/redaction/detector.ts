/** What a detector found: `text.slice(start, end)` must not leave. */
export interface Finding {
  start: number
  end: number
  /** What it is, as named in the marker: `[REDACTED:email]`. */
  label: string
  /** Stands in for the marker, where the text around it needs another form. */
  replacement?: string
}

export type Report = (finding: Finding) => void

/**
 * Looks for one kind of secret that *begins* in `[from, to)` of the text; what it finds may reach
 * beyond. Must take time linear in `to - from`, whatever the text.
 */
export interface Detector {
  name: string
  find(text: string, from: number, to: number, report: Report): void
}

/** How far behind a window a detector may look to know whether a word begins there. */
const BEHIND = 32
/** How far past a window a match that begins in it is followed. */
const AHEAD = 4096

export interface PatternDetectorOptions {
  name: string
  /** Global; each alternative begins with a literal or a look-behind, so that failed attempts are short. */
  pattern: RegExp
  /** A cheap look at the window: without a hit the expression is not run. */
  hint?: RegExp
  /** A second look at what the expression matched. */
  accept?: (match: string, text: string, start: number) => boolean
  /** Sticky: continues a match that was cut off by the window's end. */
  tail?: RegExp
}

/** A detector made of one expression, run over a bounded window. */
export function patternDetector(options: PatternDetectorOptions): Detector {
  const { name, hint, accept, tail } = options
  const pattern = new RegExp(options.pattern.source, `${options.pattern.flags.replace('g', '')}g`)
  return {
    name,
    find(text, from, to, report) {
      const base = Math.max(0, from - BEHIND)
      const window = text.slice(base, Math.min(text.length, to + AHEAD))
      if (hint && !hint.test(window)) return
      pattern.lastIndex = 0
      for (let match = pattern.exec(window); match; match = pattern.exec(window)) {
        if (match[0] === '') pattern.lastIndex += 1
        const start = base + match.index
        if (start >= to) return
        if (start < from || (accept && !accept(match[0], text, start))) continue
        let end = start + match[0].length
        if (tail && match.index + match[0].length === window.length) {
          tail.lastIndex = end
          if (tail.test(text)) end = tail.lastIndex
        }
        report({ start, end, label: name })
      }
    },
  }
}
