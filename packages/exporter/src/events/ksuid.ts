/**
 * A KSUID (segment.io): seconds since 13 May 2014 in 4 bytes and 16 bytes of payload, in 27 digits
 * of base 62, so that ids sort by time.
 */
export function ksuid(timeMillis: number, payload: Uint8Array): string {
  const seconds = Math.min(0xffff_ffff, Math.max(0, Math.floor(timeMillis / 1000) - EPOCH_SECONDS))
  let number = BigInt(seconds)
  for (const byte of payload.subarray(0, 16)) number = (number << 8n) | BigInt(byte)
  let digits = ''
  for (let i = 0; i < 27; i++) {
    digits = BASE_62.charAt(Number(number % 62n)) + digits
    number /= 62n
  }
  return digits
}

const EPOCH_SECONDS = 1_400_000_000
const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
