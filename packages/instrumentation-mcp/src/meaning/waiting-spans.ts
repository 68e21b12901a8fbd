import type { Span } from '@opentelemetry/api'
import { count } from '../stats.js'

/** How long the end of a span waits for the user's hooks, in milliseconds. */
const PATIENCE = 5000
const MAX_WAITING = 10_000

interface Waiting {
  readonly span: Span
  readonly endedAt: number
  readonly timer: NodeJS.Timeout
}

const waiting = new Set<Waiting>()

/** Ends the span, with the time at which it really ended, as soon as the hooks gave their results. */
export function endLater(span: Span, pending: Promise<unknown>, endedAt: number): void {
  if (waiting.size >= MAX_WAITING) return give(span, endedAt)
  const timer = setTimeout(() => finish(entry, true), PATIENCE)
  timer.unref()
  const entry: Waiting = { span, endedAt, timer }
  waiting.add(entry)
  const settled = (): void => finish(entry, false)
  pending.then(settled, settled)
}

/** Ends every span that waits, now and without what it waited for: for the moment before the last export. */
export function settleWaitingSpans(): void {
  for (const entry of waiting) finish(entry, true)
}

function finish(entry: Waiting, late: boolean): void {
  if (!waiting.delete(entry)) return
  clearTimeout(entry.timer)
  if (late) give(entry.span, entry.endedAt)
  else entry.span.end(entry.endedAt)
}

function give(span: Span, endedAt: number): void {
  count('hooksDropped')
  span.end(endedAt)
}
