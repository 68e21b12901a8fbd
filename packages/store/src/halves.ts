// Nanoseconds that are not negative, in two halves of 32 bits: V8 keeps these in the objects that have them, where a
// bigint or a double is another object.

export function ofHalves(high: number, low: number): bigint {
  halves[1] = high
  halves[0] = low
  return whole[0] as bigint
}

/** As a double, which differs where they are further apart than two microseconds. */
export function doubleOf(high: number, low: number): number {
  return high * 2 ** 32 + (low >>> 0)
}

export function isLater(high: number, low: number, thanHigh: number, thanLow: number): boolean {
  return high > thanHigh || (high === thanHigh && low >>> 0 > thanLow >>> 0)
}

const whole = new BigInt64Array(1)
const halves = new Int32Array(whole.buffer)
