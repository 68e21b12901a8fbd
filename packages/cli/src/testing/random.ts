/** Uniform in [0, 1); the same numbers for the same seed. */
export type Random = () => number

/** Random moments of a run, printed so that a failure can be told from its seed: `MCPCAT_CRASH_SEED`. */
export function seededRandom(name: string): Random {
  const seed = Number(process.env['MCPCAT_CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  process.stdout.write(`${name}: MCPCAT_CRASH_SEED=${seed}\n`)
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Rounds of a crash test: few by default, `MCPCAT_CRASH_ROUNDS=50` for a longer look. */
export function crashRounds(fallback: number): number {
  return Number(process.env['MCPCAT_CRASH_ROUNDS'] ?? fallback)
}
