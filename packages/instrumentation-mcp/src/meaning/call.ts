import type { Attributes, Context, Span, SpanKind } from '@opentelemetry/api'
import type { Runtime } from '../runtime.js'
import type { Params, RequestId } from '../wire.js'
import type { Connection, Peer } from './connection.js'

/** One request or notification on its way: its span, and what its end will need. */
export interface Call {
  readonly runtime: Runtime
  readonly connection: Connection
  readonly peer: Peer
  readonly kind: SpanKind.SERVER | SpanKind.CLIENT
  readonly method: string
  readonly id: RequestId | undefined
  readonly params: Params | undefined
  readonly span: Span
  /** Somebody else began the span and will end it. */
  readonly foreign: boolean
  readonly context: Context
  /** Of `performance.now()`. */
  readonly startedAt: number
  /** What the span carries that the operation metric carries too. */
  readonly metricAttributes: Attributes
  /** Session id that the transport had when the message came. */
  readonly sessionId: string | undefined
  /** What a handler really threw, before the SDK made an answer of it. */
  thrown?: { readonly error: unknown }
  /** The SDK gave up waiting for the answer. */
  timedOut?: boolean
  /** What `identify` said, as soon as it did. */
  user?: Attributes
  /** Hooks of the user whose results the span waits for. */
  pending?: Promise<unknown>
}
