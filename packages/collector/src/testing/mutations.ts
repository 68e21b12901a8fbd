/** A number from 0 to below the given one. */
export type Random = (below: number) => number

/** A small generator with a seed, so that a failure can be repeated (mulberry32). */
export function randomNumbers(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

type Mutation = (bytes: Buffer, random: Random) => Buffer

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    bytes[random(bytes.length)]! ^= 1 << random(8)
    return bytes
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  // A length, or whatever stands there, becomes huge.
  (bytes, random) => {
    const at = random(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), Buffer.from('ffffffff0f', 'hex'), bytes.subarray(at)])
  },
  // One byte becomes another: wrong types and field numbers.
  (bytes, random) => {
    bytes[random(bytes.length)] = random(256)
    return bytes
  },
  // A stretch is repeated: messages in messages.
  (bytes, random) => {
    const [from, to] = [random(bytes.length), random(bytes.length)]
    return Buffer.concat([
      bytes.subarray(0, to),
      bytes.subarray(Math.min(from, to), Math.max(from, to)),
      bytes.subarray(to),
    ])
  },
]

/** Makes one random change, in place where it can. */
export function mutate(bytes: Buffer, random: Random): Buffer {
  return bytes.length === 0 ? bytes : MUTATIONS[random(MUTATIONS.length)]!(bytes, random)
}
