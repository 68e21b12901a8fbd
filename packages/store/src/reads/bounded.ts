import type { Engine, Parameters } from '../engine.js'
import { ReadLimitError } from '../reading/page.js'
import { conditioned } from '../sql-conditions.js'
import { sql } from '../sql-files.js'

/** Answers the statement in `sql/reads/<name>.sql`. @throws ReadLimitError */
export type Read = <Row>(name: string, parameters: Parameters) => Promise<Row[]>

/** What one read may take: reads share the machine with each other and with what is written. */
export interface ReadLimits {
  readonly seconds: number
  readonly bytes: number
}

export const READ_LIMITS: ReadLimits = { seconds: 20, bytes: 2_000_000_000 }

function settings({ seconds, bytes }: ReadLimits): string {
  const values = {
    max_execution_time: seconds,
    max_memory_usage: bytes,
    // Rows of one key never differ in the columns of the key, so that these may be decided on first.
    optimize_move_to_prewhere_if_final: 1,
  }
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ')
}

/** Every read of the store goes through here, and is stopped when it takes more than it may. */
export function boundedReads(engine: Engine, limits: ReadLimits): Read {
  const suffix = `\nSETTINGS ${settings(limits)}`
  return async <Row>(name: string, parameters: Parameters) => {
    try {
      return await engine.query<Row>(`${conditioned(sql(`reads/${name}`), parameters)}${suffix}`, parameters)
    } catch (error) {
      const limit = LIMIT_OF_CODE.get(errorCode(error))
      throw limit ? new ReadLimitError(limit, { cause: error }) : error
    }
  }
}

/** ClickHouse's TIMEOUT_EXCEEDED, TOO_SLOW and MEMORY_LIMIT_EXCEEDED. */
const LIMIT_OF_CODE = new Map<number, ReadLimitError['limit']>([
  [159, 'time'],
  [160, 'time'],
  [241, 'memory'],
])

/** ClickHouse's number of an error, where the embedded engine and the client of a server keep it. */
function errorCode(error: unknown): number {
  if (!(error instanceof Error)) return 0
  if ('clickhouseCode' in error) return Number(error.clickhouseCode)
  return 'code' in error ? Number(error.code) : errorCode(error.cause)
}
