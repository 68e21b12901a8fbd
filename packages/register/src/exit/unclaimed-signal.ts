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
    detach()
    void before().finally(() => process.kill(process.pid, signal))
  }
  const settle = (event: string | symbol): void => {
    // After the change is made: while it is being made, the listener count is not yet the new one.
    if (event === signal) process.nextTick(attachIfAlone)
  }
  const attachIfAlone = (): void => {
    const others = process.listeners(signal).filter((listener) => listener !== onSignal).length
    const attached = process.listeners(signal).includes(onSignal)
    if (others > 0 && attached) process.off(signal, onSignal)
    else if (others === 0 && !attached) process.on(signal, onSignal)
  }
  const detach = (): void => {
    process.off('newListener', settle)
    process.off('removeListener', settle)
    process.off(signal, onSignal)
  }
  process.on('newListener', settle)
  process.on('removeListener', settle)
  attachIfAlone()
}
