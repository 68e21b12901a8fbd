import type { Engine } from '../engine.js'
import type { GoalWrites } from '../reading/goals.js'

export function goalWrites(engine: Engine, now: () => number): GoalWrites {
  return {
    async setSessionGoals(project, goals, run = now()) {
      if (goals.length === 0) return
      const rows = goals.map((goal) =>
        JSON.stringify({
          project,
          session_id: goal.sessionId,
          category: goal.category,
          name: goal.name,
          outcome: goal.outcome,
          reasoning: goal.reasoning,
          method: goal.method,
          model: goal.model,
          content_hash: goal.contentHash,
          run,
        }),
      )
      await engine.insert('session_goals', rows.join('\n'))
    },
  }
}
