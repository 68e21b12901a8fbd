import type { AnyValue, KeyValue } from '../traces.js'
import { numberOfName } from './names.js'

/** An attribute that any number of spans can have: it is made once, and never changed. */
export interface SharedAttribute extends Readonly<KeyValue> {
  /** Of its name, as by `numberOfName`. */
  readonly number: number
}

export function sharedAttribute(key: string, value: AnyValue): SharedAttribute {
  return { number: numberOfName(key), key, value }
}
