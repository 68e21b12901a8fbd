/** Whether the collector can do its work, and what keeps it from that. */
export interface Health {
  /** True from the moment in which everything has started until the stop begins. */
  readonly running: boolean
  /** What is wrong now, by the component that says so. */
  readonly problems: ReadonlyMap<string, string>
}

export interface HealthBoard extends Health {
  running: boolean
  readonly problems: Map<string, string>
}

export function createHealth(): HealthBoard {
  return { running: false, problems: new Map() }
}

/** How one component says what is wrong with it, and, with undefined, that it is well again. */
export type ReportProblem = (problem: string | undefined) => void

export function reporter(health: HealthBoard, component: string): ReportProblem {
  return (problem) => {
    if (problem === undefined) health.problems.delete(component)
    else health.problems.set(component, problem)
  }
}
