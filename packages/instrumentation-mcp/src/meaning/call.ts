import type { Attributes, Context, Span, SpanKind } from '@opentelemetry/api'
import type { Runtime } from '../runtime.js'
import type { RequestId, Params } from '../wire.js'

/** One request or notification on its way: its span, and what its end will need. */
export interface Call {
  readonly runtime: Runtime
  readonly kind: SpanKind.SERVER | SpanKind.CLIENT
  readonly method: string
  readonly id: RequestId | undefined
  readonly params: Params | undefined
  readonly span: Span
  readonly context: Context
  readonly startedAt: number
  /** What the span carries that the operation metric carries too. */
  readonly metricAttributes: Attributes
  /** What the tool really threw, before the SDK made a result of it. */
  thrown?: { readonly error: unknown }
}

const LIMIT = 4096

/** Calls that wait for their answer, by request id; bounded, for requests that are never answered. */
export class CallTable {
  private readonly calls = new Map<RequestId, Call>()

  /** Adds the call; returns the oldest one when there are too many. */
  add(id: RequestId, call: Call): Call | undefined {
    const replaced = this.calls.get(id)
    this.calls.delete(id)
    this.calls.set(id, call)
    if (replaced) return replaced
    if (this.calls.size <= LIMIT) return undefined
    const oldest = this.calls.keys().next()
    return oldest.done ? undefined : this.take(oldest.value)
  }

  get(id: RequestId): Call | undefined {
    return this.calls.get(id)
  }

  take(id: RequestId): Call | undefined {
    const call = this.calls.get(id)
    if (call) this.calls.delete(id)
    return call
  }

  takeAll(): Call[] {
    const all = [...this.calls.values()]
    this.calls.clear()
    return all
  }
}
