export { InvalidCursorError } from './reading.js'
export type { EventDetail, Page, Session, SessionEvent, SessionFilter, SessionSort, StoreReader } from './reading.js'
