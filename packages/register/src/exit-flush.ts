const deadlineMillis = 1500

/** Phase one: natural exit and the two signals. */
export function flushAtExit(flush: () => Promise<void>): void {
  const bounded = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, deadlineMillis)
      flush()
        .catch(() => undefined)
        .finally(() => {
          clearTimeout(timer)
          resolve()
        })
    })
  process.once('beforeExit', () => void bounded())
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const onSignal = (): void => {
      if (process.listenerCount(signal) > 0) return void bounded()
      void bounded().then(() => process.kill(process.pid, signal))
    }
    process.once(signal, onSignal)
  }
}
