import { setImmediate as nextTurn } from 'node:timers/promises'
import { eventsUrl, isRetryableStatus, type PublishedEvent, toEvent } from '../events/index.js'
import type { ReadableSpanLike } from '../span-types.js'
import type { Parcel, Protocol } from './protocol.js'
import { refusal } from './refusal.js'

/** Mapping holds the event loop for no longer at a time. */
const SLICE_MILLIS = 5

const encoder = new TextEncoder()

/** The hosted events API: `POST {base}/v1/public/events/`, one event per request, answered by 202. */
export function eventsProtocol(
  apiUrl: URL,
  headers: Readonly<Record<string, string>>,
  projectId: string | undefined,
): Protocol {
  const url = eventsUrl(apiUrl)
  const packOne = (span: ReadableSpanLike): Parcel => ({ body: encode(toEvent(span, projectId)), spans: 1 })
  return {
    url,
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    async pack(spans) {
      const parcels: Parcel[] = []
      let until = performance.now() + SLICE_MILLIS
      for (const span of spans) {
        parcels.push(packOne(span))
        if (performance.now() < until) continue
        await nextTurn()
        until = performance.now() + SLICE_MILLIS
      }
      return parcels
    },
    packNow: (spans) => spans.map(packOne),
    judge(answer) {
      if (answer.status >= 200 && answer.status < 300) return 0
      throw refusal(url, answer, isRetryableStatus)
    },
  }
}

function encode(event: PublishedEvent): Uint8Array {
  return encoder.encode(JSON.stringify(event))
}
