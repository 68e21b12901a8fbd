import { context, type Attributes } from '@opentelemetry/api'
import { warnOnce } from '../guard.js'
import type { Call } from '../meaning/call.js'
import { count } from '../stats.js'
import { isRecord, type Message } from '../wire.js'
import { identityAttributes, propertyAttributes, tagAttributes } from './attributes.js'
import type { Hook, HookExtra, HookRequest } from './hooks.js'
import { knownUser, rememberUser, userKey } from './known-users.js'

const MAX_PENDING = 10_000
let pending = 0

/** Asks the user's hooks about a request that a server received; what they say goes on its span. */
export function enrich(call: Call, message: Message, extra: unknown): void {
  const { identify, eventTags, eventProperties } = call.runtime.config
  if (call.connection.role !== 'server' || !call.span.isRecording()) return
  if (!identify && !eventTags && !eventProperties) return
  const request: HookRequest = { method: call.method, ...(message.params && { params: message.params }) }
  const given = hookExtra(call, extra)
  const waits: Promise<void>[] = []
  if (identify) {
    const key = userKey(call, extra)
    const known = key === undefined ? undefined : knownUser(key)
    // What is known is there at once; what the hook says of this very request takes its place.
    if (known) setUser(call, known)
    ask(call, 'identify', identify, request, given, waits, (answer) => {
      const attributes = identityAttributes(answer)
      if (!attributes) return undefined
      if (key !== undefined) rememberUser(key, call.sessionId ?? call.connection.connectionId, attributes)
      call.user = attributes
      return attributes
    })
  }
  if (eventTags) ask(call, 'eventTags', eventTags, request, given, waits, tagAttributes)
  if (eventProperties) ask(call, 'eventProperties', eventProperties, request, given, waits, propertyAttributes)
  if (waits.length > 0) call.pending = Promise.all(waits)
}

function setUser(call: Call, user: Attributes): void {
  call.user = user
  call.span.setAttributes(user)
}

/** A notification has the user that its session is known to have. */
export function enrichNotification(call: Call, extra: unknown): void {
  if (!call.runtime.config.identify || call.connection.role !== 'server') return
  const key = userKey(call, extra)
  const known = key === undefined ? undefined : knownUser(key)
  if (known) setUser(call, known)
}

function ask<T>(
  call: Call,
  name: string,
  hook: Hook<T>,
  request: HookRequest,
  extra: HookExtra,
  waits: Promise<void>[],
  attributesOf: (answer: unknown) => Attributes | undefined,
): void {
  const failed = (error: unknown): void => {
    count('hooksFailed')
    warnOnce(`the hook \`${name}\` failed; its spans go without it`, error)
  }
  const take = (answer: unknown): void => {
    if (answer === null || answer === undefined) return
    const attributes = attributesOf(answer)
    // A span that has ended takes nothing any more.
    if (attributes && call.span.isRecording()) call.span.setAttributes(attributes)
  }
  if (pending >= MAX_PENDING) return count('hooksDropped')
  try {
    const answer = context.with(call.context, () => hook(request, extra))
    if (!(answer instanceof Promise)) return take(answer)
    pending += 1
    waits.push(
      answer
        .then(take)
        .catch(failed)
        .finally(() => (pending -= 1)),
    )
  } catch (error) {
    failed(error)
  }
}

function hookExtra(call: Call, extra: unknown): HookExtra {
  const given = isRecord(extra) ? extra : {}
  const { connectionId } = call.connection
  return {
    ...(call.sessionId !== undefined && { sessionId: call.sessionId }),
    ...(connectionId !== undefined && { connectionId }),
    ...(given['authInfo'] !== undefined && { authInfo: given['authInfo'] }),
    ...(isRecord(given['requestInfo']) && { requestInfo: given['requestInfo'] as unknown as HookExtra['requestInfo'] }),
    ...(given['request'] instanceof Request && { request: given['request'] }),
  } as HookExtra
}
