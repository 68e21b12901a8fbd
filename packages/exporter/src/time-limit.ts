/**
 * Waits for a promise, but not longer than this; whether it settled. Its timer keeps the process
 * alive meanwhile, so that a flush at the end of a process can finish. Never rejects.
 */
export async function settledWithin(promise: Promise<unknown>, millis: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), millis)
  })
  const settled = promise.then(
    () => true,
    () => true, // The caller asked whether it is over, not how.
  )
  try {
    return await Promise.race([settled, late])
  } finally {
    clearTimeout(timer)
  }
}
