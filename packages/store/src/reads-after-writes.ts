import type { StoreReader } from './reading.js'
import type { StoreWriter } from './writer.js'

/** Reads see what was acknowledged before they began, unless that takes too long. */
export function readsAfterWrites(reader: StoreReader, writer: Pick<StoreWriter, 'settled'>): StoreReader {
  const after =
    <Parameters extends unknown[], Answer>(read: (...parameters: Parameters) => Promise<Answer>) =>
    async (...parameters: Parameters): Promise<Answer> => {
      await settledInTime(writer)
      return await read(...parameters)
    }
  return Object.fromEntries(
    Object.entries(reader).map(([name, read]: [string, (...parameters: unknown[]) => Promise<unknown>]) => [
      name,
      after(read),
    ]),
  ) as unknown as StoreReader
}

/** Milliseconds that a read waits for sessions that are behind. */
const MOST_WAIT_MS = 10_000

/** Resolves when the sessions are up to date, or when waiting for it has taken too long. */
export async function settledInTime(writer: Pick<StoreWriter, 'settled'>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, MOST_WAIT_MS)
  })
  // Sessions that cannot be written now are shown as they were.
  await Promise.race([writer.settled().catch(() => undefined), late])
  clearTimeout(timer)
}
