export { eventsUrl, isRetryableStatus } from './api.js'
export { type PublishedError, type PublishedEvent, toEvent } from './event.js'
export type { ReadableSpanLike } from '../span-types.js'
