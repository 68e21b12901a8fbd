/** Where the events API takes events, below a base URL. */
export function eventsUrl(apiUrl: URL): URL {
  return new URL(`${apiUrl.pathname.replace(/\/+$/, '')}/v1/public/events/${apiUrl.search}`, apiUrl)
}

/** No specification says; these are the statuses that pass. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}
