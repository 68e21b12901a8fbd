import { isRecord, type Message } from '../wire.js'

/** `subscriptions/listen` is answered by notifications that name the request's id. */
export function subscriptionIdOf(message: Message): unknown {
  if (message.method !== 'notifications/subscriptions/acknowledged') return undefined
  const meta = message.params?._meta
  return isRecord(meta) ? meta['io.modelcontextprotocol/subscriptionId'] : undefined
}
