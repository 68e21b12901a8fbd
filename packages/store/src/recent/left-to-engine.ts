import type { SessionKey } from '@mcpcat/sessions'
import type { KeyRange, Touched } from '../key-ranges.js'
import { widen } from '../key-ranges.js'
import type { BatchStrand } from '../batch-strands.js'

/** What the engine has to look at of one project. */
export interface Left {
  readonly strands: readonly BatchStrand[]
  readonly ranges: readonly KeyRange[]
}

/** What memory cannot tell, and the engine has to look at. */
export interface LeftToEngine {
  leaveStrand(id: string, strand: BatchStrand): void
  leaveRange(project: string, key: SessionKey, lower: bigint, upper: bigint): void
  /** All of it, once, by project. */
  take(): Map<string, Left>
  /** There is something. */
  readonly some: boolean
  /** The strand with this id is left already. */
  has(project: string, id: string): boolean
}

export function leftToEngine(): LeftToEngine {
  let left = new Map<string, { strands: Map<string, BatchStrand>; ranges: Touched }>()

  function of(project: string): { strands: Map<string, BatchStrand>; ranges: Touched } {
    let ofProject = left.get(project)
    if (!ofProject) left.set(project, (ofProject = { strands: new Map(), ranges: new Map() }))
    return ofProject
  }

  return {
    leaveStrand(id, { strand, ownKey, firstStart, firstEventId, lastEnd }) {
      of(strand.project).strands.set(id, { strand, ownKey, firstStart, firstEventId, lastEnd })
    },
    leaveRange(project, key, lower, upper) {
      widen(of(project).ranges, key, lower, upper)
    },
    take() {
      const taken = new Map<string, Left>()
      for (const [project, { strands, ranges }] of left) {
        taken.set(project, { strands: [...strands.values()], ranges: [...ranges.values()] })
      }
      left = new Map()
      return taken
    },
    get some() {
      return left.size > 0
    },
    has: (project, id) => left.get(project)?.strands.has(id) ?? false,
  }
}
