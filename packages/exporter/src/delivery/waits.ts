/** Pauses that can all be ended at once, and that do not keep the process alive. */
export class Waits {
  readonly #ends = new Set<() => void>()

  wait(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer)
        this.#ends.delete(end)
        resolve()
      }
      const timer = setTimeout(end, millis)
      timer.unref()
      this.#ends.add(end)
    })
  }

  end(): void {
    for (const end of this.#ends) end()
  }
}
