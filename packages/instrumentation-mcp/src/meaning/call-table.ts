import { context, trace } from '@opentelemetry/api'
import type { RequestId } from '../wire.js'
import type { Call } from './call.js'

const LIMIT = 4096

/**
 * Calls that wait for their answer, by request id; bounded, for requests that are never answered.
 * Two sessions on one server object may use one id at one time: the active span tells them apart.
 */
export class CallTable {
  private readonly calls = new Map<RequestId, Call[]>()
  private size = 0

  /** Adds the call; returns the oldest one when there are too many. */
  add(id: RequestId, call: Call): Call | undefined {
    const same = this.calls.get(id)
    if (same) same.push(call)
    else this.calls.set(id, [call])
    this.size += 1
    if (this.size <= LIMIT) return undefined
    const oldest = this.calls.keys().next()
    return oldest.done ? undefined : this.take(oldest.value)
  }

  get(id: RequestId): Call | undefined {
    const same = this.calls.get(id)
    return same && (ofActiveSpan(same) ?? same[0])
  }

  take(id: RequestId): Call | undefined {
    const same = this.calls.get(id)
    const call = same && (ofActiveSpan(same) ?? same[0])
    return call && this.remove(call) ? call : undefined
  }

  /** Whether the call was still there. */
  remove(call: Call): boolean {
    if (call.id === undefined) return false
    const same = this.calls.get(call.id)
    const at = same?.indexOf(call) ?? -1
    if (!same || at < 0) return false
    if (same.length === 1) this.calls.delete(call.id)
    else same.splice(at, 1)
    this.size -= 1
    return true
  }

  takeAll(): Call[] {
    const all = [...this.calls.values()].flat()
    this.calls.clear()
    this.size = 0
    return all
  }

  /** The call in whose context the code runs that asks. */
  active(): Call | undefined {
    const span = trace.getSpan(context.active())
    if (!span) return undefined
    for (const same of this.calls.values()) for (const call of same) if (call.span === span) return call
    return undefined
  }
}

function ofActiveSpan(same: Call[]): Call | undefined {
  if (same.length < 2) return undefined
  const span = trace.getSpan(context.active())
  return same.find((call) => call.span === span)
}
