import { createContextKey, type Context } from '@opentelemetry/api'

/** Set where an HTTP request enters, told when its message reached a server. */
const ENTERED = createContextKey('mcpcat http entry')

export interface Entered {
  reached: boolean
}

export function withEntered(at: Context, entered: Entered): Context {
  return at.setValue(ENTERED, entered)
}

export function enteredAt(at: Context): Entered | undefined {
  return at.getValue(ENTERED) as Entered | undefined
}
