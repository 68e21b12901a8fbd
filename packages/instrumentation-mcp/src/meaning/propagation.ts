import { context, propagation, trace, type Context, type Link } from '@opentelemetry/api'
import { isRecord, type Message } from '../wire.js'

/**
 * Trace context travels in `params._meta`, unprefixed (SEP-414). The parent of a received message
 * is what `_meta` says; the ambient span, such as the HTTP server's, then becomes a link.
 */
export function incomingContext(message: Message): { parent: Context; links: Link[] } {
  const ambient = context.active()
  const meta = message.params?._meta
  if (!isRecord(meta)) return { parent: ambient, links: [] }
  const parent = propagation.extract(ambient, meta, META_GETTER)
  const ambientSpan = trace.getSpanContext(ambient)
  const remote = trace.getSpanContext(parent)
  if (!remote || !ambientSpan || remote === ambientSpan) return { parent, links: [] }
  return { parent, links: [{ context: ambientSpan }] }
}

/** A copy of the message whose `_meta` carries this context; what an earlier try left there is overwritten. */
export function withTraceContext(message: Message, from: Context): Message {
  const carrier: Record<string, string> = {}
  propagation.inject(from, carrier)
  if (Object.keys(carrier).length === 0) return message
  const meta = message.params?._meta
  return { ...message, params: { ...message.params, _meta: { ...(isRecord(meta) ? meta : {}), ...carrier } } }
}

const META_GETTER = {
  get: (meta: Record<string, unknown>, key: string): string | undefined => {
    const value = Object.hasOwn(meta, key) ? meta[key] : undefined
    return typeof value === 'string' ? value : undefined
  },
  keys: (meta: Record<string, unknown>): string[] => Object.keys(meta),
}
