/** What the instrumentation had to give up, since the process began. */
export interface InstrumentationStats {
  /** Results of `identify`, `eventTags` and `eventProperties` that came too late for their span. */
  hooksDropped: number
  /** Times that one of those hooks threw or rejected. */
  hooksFailed: number
  /** Requests given up because too many others waited for an answer. */
  callsAbandoned: number
}

const stats: InstrumentationStats = { hooksDropped: 0, hooksFailed: 0, callsAbandoned: 0 }

export function count(what: keyof InstrumentationStats): void {
  stats[what] += 1
}

/** A copy of the counters of this process. */
export function instrumentationStats(): InstrumentationStats {
  return { ...stats }
}
