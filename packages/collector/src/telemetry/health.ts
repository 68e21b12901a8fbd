/** Whether the collector can do its work, and what keeps it from that. */
export interface Health {
  /** True from the moment in which everything has started until the stop begins. */
  readonly running: boolean
  /** What is wrong now, by the component that says so. */
  readonly problems: ReadonlyMap<string, Problem>
}

export interface Problem {
  readonly text: string
  readonly weight: Weight
}

/**
 * `refusing`: data is turned away, so that senders had better go elsewhere. `degraded`: something is
 * wrong, and data is taken all the same, as long as a backend is down and its queue has room.
 */
export type Weight = 'refusing' | 'degraded'

export interface HealthBoard extends Health {
  running: boolean
  readonly problems: Map<string, Problem>
}

export function createHealth(): HealthBoard {
  return { running: false, problems: new Map() }
}

/** How one component says what is wrong with it, `refusing` unless it says otherwise, and, with undefined, that it is well again. */
export type ReportProblem = (text: string | undefined, weight?: Weight) => void

export function reporter(health: HealthBoard, component: string): ReportProblem {
  return (text, weight = 'refusing') => {
    if (text === undefined) health.problems.delete(component)
    else health.problems.set(component, { text, weight })
  }
}
