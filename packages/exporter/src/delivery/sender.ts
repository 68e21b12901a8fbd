import { backoffMillis, type BackoffOptions } from './backoff.js'
import { DeliveryError } from './errors.js'
import { Waits } from './waits.js'

export interface SenderOptions extends BackoffOptions {
  /** From the first attempt, in milliseconds; older is given up. */
  maxAgeMillis: number
  /** Attempts at the same time at most. */
  concurrency: number
}

/** One request's way, to its end. `spans` are those that the receiver took. */
export type Fate =
  | { kind: 'sent'; rejected: number }
  | { kind: 'rejected' | 'expired' | 'shutdown' | 'unsent'; error: DeliveryError }

export interface Attempt {
  /** One attempt; resolves to the number of spans that the receiver refused. */
  (signal: AbortSignal): Promise<number>
}

/** Somebody waits for a flush: waits between attempts are no longer than this. */
const HURRIED_WAIT_MILLIS = 500

/** Repeats attempts until they succeed, can never succeed, or took too long. */
export class Sender {
  readonly #options: SenderOptions
  readonly #abort = new AbortController()
  readonly #waits = new Waits()
  readonly #queue: (() => void)[] = []
  #active = 0
  #hurried = 0
  /** `Retry-After` counts for every request, not only for the one that was answered with it. */
  #notBefore = 0

  constructor(options: SenderOptions) {
    this.#options = options
  }

  beginHurry(): void {
    this.#hurried += 1
    this.#waits.end()
  }

  endHurry(): void {
    this.#hurried = Math.max(0, this.#hurried - 1)
  }

  /** Ends everything under way, as `shutdown`. */
  abort(): void {
    this.#abort.abort()
    this.#waits.end()
  }

  /** @param patienceMillis After so long without success: `unsent`, for the caller to try again some other time. */
  async send(attempt: Attempt, patienceMillis?: number): Promise<Fate> {
    const began = performance.now()
    for (let tries = 0; ; tries++) {
      const error = await this.#try(attempt)
      if (typeof error === 'number') return { kind: 'sent', rejected: error }
      if (this.#abort.signal.aborted) return { kind: 'shutdown', error }
      if (!error.retryable) return { kind: 'rejected', error }
      const age = performance.now() - began
      const wait = this.#waitMillis(tries, error)
      if (patienceMillis !== undefined && (age + wait > patienceMillis || this.#hurried > 0))
        return { kind: 'unsent', error }
      if (age + wait > this.#options.maxAgeMillis) return { kind: 'expired', error }
      await this.#waits.wait(wait)
      if (this.#abort.signal.aborted) return { kind: 'shutdown', error }
    }
  }

  #waitMillis(tries: number, error: DeliveryError): number {
    const backoff = backoffMillis(tries, this.#options)
    if (error.retryAfterMillis !== undefined) {
      // Whoever asks for days would otherwise never hear from us again.
      const asked = Math.min(error.retryAfterMillis, this.#options.maxAgeMillis)
      this.#notBefore = Math.max(this.#notBefore, performance.now() + asked)
    }
    const asked = this.#notBefore - performance.now()
    if (asked > 0) return asked + backoffMillis(0, this.#options)
    return this.#hurried > 0 ? Math.min(backoff, HURRIED_WAIT_MILLIS) : backoff
  }

  async #try(attempt: Attempt): Promise<number | DeliveryError> {
    await this.#enter()
    try {
      const asked = this.#notBefore - performance.now()
      if (asked > 0) return new DeliveryError('The receiver asked to wait', { retryable: true })
      return await attempt(this.#abort.signal)
    } catch (error) {
      if (error instanceof DeliveryError) return error
      // A fault of ours; to repeat it would not help.
      return new DeliveryError(String(error), { retryable: false, cause: error })
    } finally {
      this.#leave()
    }
  }

  async #enter(): Promise<void> {
    if (this.#active >= this.#options.concurrency) await new Promise<void>((resolve) => this.#queue.push(resolve))
    else this.#active += 1
  }

  #leave(): void {
    const next = this.#queue.shift()
    if (next) next()
    else this.#active -= 1
  }
}
