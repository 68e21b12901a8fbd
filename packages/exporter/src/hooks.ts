import type { Attributes } from '@opentelemetry/api'

/** What leaves, as the `redactEvent` hook sees it: after the built-in redaction, before sending. */
export interface RedactableEvent {
  /** The span's name. */
  name: string
  statusMessage?: string
  attributes: Attributes
  /** Span events, exceptions among them. */
  events: { name: string; attributes: Attributes }[]
  /** `params` of the request, or the arguments of a tool call. */
  request?: unknown
  /** `result` of the response. */
  response?: unknown
}

/** Redacts a text further; applied to every text that is not a name or an identifier. */
export type RedactText = (text: string) => string | Promise<string>

/** Edits an event, or drops it by returning null. */
export type RedactEvent = (event: RedactableEvent) => RedactableEvent | null | Promise<RedactableEvent | null>

/** Stands in for a text whose redaction failed. */
export const REDACTION_FAILED = '[REDACTED:hook failed]'

export class HookTimeoutError extends Error {
  constructor(hook: string, millis: number) {
    super(`The ${hook} hook did not answer within ${millis} ms`)
    this.name = 'HookTimeoutError'
  }
}

/** A hook's promise with a time limit; the timer does not keep the process alive. */
export function withTimeout<T>(promise: Promise<T>, hook: string, millis: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new HookTimeoutError(hook, millis)), millis)
    timer.unref()
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/**
 * The user's text hook, made safe: whatever goes wrong, the text does not leave and the host does
 * not notice. Each answer has `timeoutMillis`; after the first that is late, no more are asked for.
 */
export function guardRedactText(
  hook: RedactText,
  timeoutMillis: number,
  onFailure: (error: unknown) => void,
): (text: string) => string | Promise<string> {
  const failed = (error: unknown): string => {
    onFailure(error)
    return REDACTION_FAILED
  }
  let isTooSlow = false
  const late = (error: unknown): string => {
    isTooSlow ||= error instanceof HookTimeoutError
    return failed(error)
  }
  const checked = (answer: unknown): string =>
    typeof answer === 'string' ? answer : failed(new TypeError('The redact hook did not return a string'))
  return (text) => {
    if (isTooSlow) return REDACTION_FAILED
    try {
      const answer: unknown = hook(text)
      if (!isPromiseLike(answer)) return checked(answer)
      return withTimeout(Promise.resolve(answer), 'redact', timeoutMillis).then(checked, late)
    } catch (error) {
      return failed(error)
    }
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
