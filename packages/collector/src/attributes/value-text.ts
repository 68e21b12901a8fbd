import type { AnyValue, KeyValue } from '../traces.js'

/** An attribute's value as text: what is none, as JSON; bytes in base64. Always well formed. */
export function valueText(value: AnyValue): string {
  if (value.stringValue !== undefined) return wellFormed(value.stringValue)
  const plain = plainValue(value)
  return plain === null ? '' : typeof plain === 'object' ? wellFormed(JSON.stringify(plain)) : String(plain)
}

/** Values by name; the last of several of one name counts. */
export function textValues(attributes: readonly KeyValue[]): Map<string, string> {
  const values = new Map<string, string>()
  for (const { key, value } of attributes) values.set(key, valueText(value))
  return values
}

type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain }

function plainValue(value: AnyValue): Plain {
  if (value.stringValue !== undefined) return value.stringValue
  if (value.boolValue !== undefined) return value.boolValue
  if (value.intValue !== undefined) {
    const number = Number(value.intValue)
    return Number.isSafeInteger(number) ? number : value.intValue.toString()
  }
  if (value.doubleValue !== undefined) return value.doubleValue
  if (value.arrayValue) return value.arrayValue.values.map(plainValue)
  if (value.kvlistValue)
    return Object.fromEntries(value.kvlistValue.values.map((entry) => [entry.key, plainValue(entry.value)]))
  if (value.bytesValue) return Buffer.from(value.bytesValue).toString('base64')
  return null
}

/** A lone surrogate is no UTF-8, and databases refuse a whole batch for it. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed()
}
