type Signal = 'SIGINT' | 'SIGTERM'

/**
 * Calls `before` when `signal` is about to end the process because nobody else listens for it, and then
 * lets the process die by that signal, as it would have.
 *
 * Our listener is there only while it is the only one: listeners change what others do (`signal-exit`
 * counts them to decide whether to end the process), and whoever listens decides what the signal does.
 */
export function beforeUnclaimedSignal(signal: Signal, before: () => Promise<void>): void {
  const onSignal = (): void => {
    process.off('newListener', onAdded)
    process.off('removeListener', onRemoved)
    process.off(signal, onSignal)
    void before().finally(() => process.kill(process.pid, signal))
  }
  const onAdded = (event: string | symbol, listener: unknown): void => {
    if (event !== signal || listener === onSignal) return
    // Emitted before the listener is added. Stepping aside only then keeps Node watching the signal.
    process.nextTick(() => {
      if (process.listenerCount(signal) > 1) process.off(signal, onSignal)
    })
  }
  // At once: who has cleaned up after a signal sends it again in the same breath.
  const onRemoved = (event: string | symbol, listener: unknown): void => {
    if (event === signal && listener !== onSignal && process.listenerCount(signal) === 0) process.on(signal, onSignal)
  }
  process.on('newListener', onAdded)
  process.on('removeListener', onRemoved)
  if (process.listenerCount(signal) === 0) process.on(signal, onSignal)
}
