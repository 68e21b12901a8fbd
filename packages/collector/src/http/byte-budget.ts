/** Bytes that may be held at one time, by all requests together. */
export interface ByteBudget {
  /**
   * Runs `work`; what it holds counts until it is done.
   *
   * @throws What {@link createByteBudget} was given, from `hold`, when there is no room.
   */
  during<Result>(work: (hold: (bytes: number) => void) => Promise<Result>): Promise<Result>
}

/** @param refusal What is thrown at a request that finds no room. */
export function createByteBudget(total: number, refusal: () => Error): ByteBudget {
  let held = 0
  return {
    async during(work) {
      let own = 0
      try {
        return await work((bytes) => {
          own += bytes
          held += bytes
          if (held > total) throw refusal()
        })
      } finally {
        held -= own
      }
    },
  }
}
