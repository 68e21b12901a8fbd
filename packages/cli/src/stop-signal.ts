/** A terminal, npm and a supervisor may each deliver the same Ctrl-C; within this time it is one. */
const SAME_SIGNAL_MS = 1000

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

export interface StopSignal {
  /** Aborts when the process is asked to stop. */
  readonly signal: AbortSignal
  readonly stopped: Promise<void>
}

/**
 * Turns SIGINT, SIGTERM and the loss of a parent that spawned this process with an IPC channel
 * into one request to stop. A second signal, more than a second later, ends the process at once.
 */
export function stopSignal(): StopSignal {
  const controller = new AbortController()
  let first: number | undefined
  const stopped = new Promise<void>((resolve) => {
    const stop = (): void => {
      first ??= performance.now()
      controller.abort()
      resolve()
    }
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (first !== undefined && performance.now() - first > SAME_SIGNAL_MS) process.exit(EXIT_CODES[name])
        stop()
      })
    }
    if (process.connected) {
      process.once('disconnect', stop)
      // The channel tells of the parent's end; it is no reason to go on when the work is done.
      process.channel?.unref()
    }
  })
  return { signal: controller.signal, stopped }
}
