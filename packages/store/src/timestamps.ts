/** ClickHouse's DateTime64(9) as text: `2026-08-01 12:00:00.123456789`. */
export function clickhouseTime(nanoseconds: bigint): string {
  const within = clamped(nanoseconds)
  const seconds = within / SECOND
  return `${secondText(Number(seconds))}.${String(Number(within - seconds * SECOND)).padStart(9, '0')}`
}

let lastSecond = 0
let lastText = '1970-01-01 00:00:00'

/** Times that are written together are mostly of the same second. */
function secondText(second: number): string {
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ')
    lastSecond = second
  }
  return lastText
}

/** The nearest time that DateTime64(9) can hold. */
export function clamped(nanoseconds: bigint): bigint {
  return nanoseconds < 0n ? 0n : nanoseconds > LATEST ? LATEST : nanoseconds
}

/** ISO 8601 with as many digits as the source has, at least milliseconds. */
export function isoTime(nanoseconds: bigint): string {
  const seconds = new Date(Number(nanoseconds / SECOND) * 1000).toISOString().slice(0, 19)
  const fraction = String(nanoseconds % SECOND).padStart(9, '0')
  const digits = fraction.endsWith('000000') ? 3 : fraction.endsWith('000') ? 6 : 9
  return `${seconds}.${fraction.slice(0, digits)}Z`
}

/** Nanoseconds of an ISO 8601 time, to the digit. @throws RangeError when it is none. */
export function nanosecondsOf(iso: string): bigint {
  const milliseconds = Date.parse(iso)
  if (Number.isNaN(milliseconds)) throw new RangeError(`not an ISO 8601 time: ${iso}`)
  const fraction = /\.(\d{1,9})\d*/.exec(iso)?.[1]?.padEnd(9, '0') ?? '000000000'
  return BigInt(Math.floor(milliseconds / 1000)) * SECOND + BigInt(fraction)
}

const SECOND = 1_000_000_000n
/** The end of DateTime64(9)'s range, in 2262. */
const LATEST = 9_223_372_036_000_000_000n
