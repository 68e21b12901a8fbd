import type { Logger } from 'pino'
import type { ReportProblem } from './health.js'

/** What keeps a component from its work for a while, as a full disk does. */
export interface StandingProblem {
  /** Runs a task; what it throws is the problem, and a success ends it. */
  around<T>(task: () => Promise<T>): Promise<T>
}

/**
 * Tells health what is wrong for as long as it is, and the log once when it begins, or changes, and
 * once when it is over: the senders that come back every second would flood it.
 *
 * @param isProblem which errors say something about the component, and not about the data.
 */
export function standingProblem(
  { logger, reportProblem }: { readonly logger: Logger; readonly reportProblem: ReportProblem },
  isProblem: (error: unknown) => boolean,
): StandingProblem {
  let standing: string | undefined
  return {
    async around(task) {
      try {
        const result = await task()
        if (standing !== undefined) {
          standing = undefined
          reportProblem(undefined)
          logger.info('works again')
        }
        return result
      } catch (error) {
        if (error instanceof Error && isProblem(error) && error.message !== standing) {
          standing = error.message
          reportProblem(standing)
          logger.error({ err: error }, 'refusing data for now')
        }
        throw error
      }
    },
  }
}
