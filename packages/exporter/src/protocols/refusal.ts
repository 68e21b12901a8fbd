import { DeliveryError } from '../delivery/errors.js'
import type { HttpAnswer } from '../delivery/http-client.js'
import { retryAfterMillis } from '../delivery/retry-after.js'

/** What an answer other than 2xx means. */
export function refusal(url: URL, answer: HttpAnswer, isRetryable: (status: number) => boolean): DeliveryError {
  const { status, headers } = answer
  if (status >= 300 && status < 400) {
    // Following it would hand content to an address that nobody configured.
    const to = headers.location ? ` to ${headers.location}` : ''
    return new DeliveryError(`${url.href} redirects${to} (${status}); name the final address instead`, {
      retryable: false,
    })
  }
  return new DeliveryError(`${url.href} answered ${status}`, {
    retryable: isRetryable(status),
    retryAfterMillis: retryAfterMillis(headers['retry-after']),
  })
}
