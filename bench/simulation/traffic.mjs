// A slice of a day of a billion events, thinned by key: of every THINNING users (and bots) one is
// simulated, with all of its events. Keys do not know of each other, so what is counted of the sample
// times THINNING is what all would give; what a collector may remember is divided by it.

export const EVENTS_PER_DAY = 1e9
/** Busiest hours over the day's mean. */
const PEAK = 1.8
const USERS = 10e6
/** Activity of a user by rank. */
const ZIPF = 0.9
const CALLS_PER_SESSION = 25
/** Programs that call without ever pausing: number, and calls a second of each. */
const BOTS = 800
const BOT_RATE = 2
export const WARM_UP_S = 5400
export const MEASURED_S = 3600
const LENGTH_S = WARM_UP_S + MEASURED_S

/** Share of conversations by what their events say of whom they are. */
const KINDS = [
  { share: 0.45, user: true, raw: 'mcp.session.id' },
  { share: 0.25, user: true, raw: undefined },
  { share: 0.2, user: false, raw: 'mcp.session.id' },
  { share: 0.1, user: false, raw: 'mcpcat.connection.id' },
]
/** Conversations whose first events come before the user is known. */
const LATE_IDENTIFY = 0.3
/** Conversations whose client opens a new protocol session in the middle. */
const RESET = 0.15
/** Servers of several replicas: every call may be another process. */
const REPLICATED = 0.4
const REPLICAS = 8

export function random(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296
  }
}

const T0_MS = Date.UTC(2026, 8, 1, 12)

/**
 * The events of the sample in the order in which they arrive: { arrivalMs, startMs, durationMs,
 * attributes, sender }, where `sender` is the process whose batches carry it.
 */
export function traffic(thinning, seed) {
  const next = random(seed)
  const exponential = (mean) => -Math.log(1 - next()) * mean
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  const events = []
  let conversations = 0

  /** @param at seconds since the beginning of the slice. */
  function call(at, attributes, sender) {
    // Most wait for the sender's batch; one in a hundred is held up by a retry or a sleeping laptop.
    const late = next() < 0.01 ? Math.exp(next() * Math.log(600)) : exponential(3)
    const arrival = at + late
    if (arrival > LENGTH_S) return
    events.push({
      arrivalMs: T0_MS + arrival * 1000,
      startMs: T0_MS + at * 1000,
      durationMs: exponential(300),
      attributes,
      sender,
    })
  }

  function conversation(user, at) {
    let pick = next()
    const kind = KINDS.find(({ share }) => (pick -= share) < 0) ?? KINDS[0]
    const id = `c${conversations++}`
    const client = ['claude', 'cursor', 'vscode', 'chatgpt'][user % 4]
    const replicated = kind.raw !== 'mcpcat.connection.id' && next() < REPLICATED
    const calls = Math.ceil(exponential(CALLS_PER_SESSION))
    const identifiedAfter = kind.user && kind.raw && next() < LATE_IDENTIFY ? Math.ceil(exponential(3)) : 0
    const resetAfter = kind.raw && next() < RESET ? Math.ceil(next() * calls) : Infinity
    for (let i = 0; i < calls; i++) {
      const attributes = { 'mcp.method.name': 'tools/call', 'mcp.client.name': client }
      if (kind.user && i >= identifiedAfter) attributes['user.id'] = `u${user}`
      if (kind.raw) attributes[kind.raw] = i < resetAfter ? id : `${id}r`
      call(at, attributes, replicated ? `${id}/${Math.floor(next() * REPLICAS)}` : id)
      // Bursts of parallel calls, then the pauses of somebody who reads and thinks.
      if (next() < 0.8) at += Math.exp(Math.log(8) + 1.2 * normal())
    }
  }

  // Systematic sample of the ranks, so that the heaviest users are in it as often as others are.
  let weights = 0
  for (let rank = 1 + Math.floor(next() * thinning); rank <= USERS; rank += thinning) weights += rank ** -ZIPF
  const botRate = (BOTS * BOT_RATE) / thinning
  const conversationRate =
    ((EVENTS_PER_DAY / 86_400) * PEAK) / thinning / CALLS_PER_SESSION - botRate / CALLS_PER_SESSION
  for (let rank = 1 + Math.floor(next() * thinning); rank <= USERS; rank += thinning) {
    const rate = (conversationRate * rank ** -ZIPF) / weights
    // From before the slice, so that it begins in the middle of conversations.
    for (let at = exponential(1 / rate) - 1800; at < LENGTH_S; at += exponential(1 / rate)) conversation(rank, at)
  }
  for (let bot = 0; bot < BOTS / thinning; bot++) {
    for (let at = exponential(1 / BOT_RATE); at < LENGTH_S; at += exponential(1 / BOT_RATE)) {
      const attributes = { 'mcp.method.name': 'tools/call', 'mcp.client.name': 'bot', 'user.id': `bot${bot}` }
      call(at, attributes, `bot${bot}/${Math.floor(next() * REPLICAS)}`)
    }
  }
  const inside = events.filter(({ arrivalMs }) => arrivalMs >= T0_MS)
  return inside.toSorted((a, b) => a.arrivalMs - b.arrivalMs).map((event, n) => ({ ...event, n }))
}

export function isMeasured({ arrivalMs }) {
  return arrivalMs >= T0_MS + WARM_UP_S * 1000
}
