import type { Attributes } from '@opentelemetry/api'
import { type RedactableEvent, type RedactEvent, withTimeout } from './hooks.js'
import type { DropReason } from './ledger.js'
import type { Work } from './redaction/write-json.js'
import type { ContentNames } from './span-redaction.js'
import type { ReadableSpanLike } from './span-types.js'

export interface RedactEventTools {
  timeoutMillis: number
  onFailure: (error: unknown) => void
  writeJson: (value: unknown) => Work<string>
}

type Answer = { event: RedactableEvent | null | undefined } | { error: unknown }

/** Lets the user's hook edit or drop the copy; when it fails, the event does not leave. */
export function* runRedactEvent(
  hook: RedactEvent,
  copy: ReadableSpanLike,
  names: ContentNames,
  tools: RedactEventTools,
): Work<ReadableSpanLike | DropReason> {
  let given = ask(hook, describe(copy, names), tools.timeoutMillis)
  if (given instanceof Promise) {
    // At exit nothing can be awaited; the hook counts as failed then.
    let settled: Answer = { error: new Error('The redactEvent hook did not answer before the process exited') }
    yield given.then((answer) => {
      settled = answer
      return ''
    })
    given = settled
  }
  if ('error' in given) {
    tools.onFailure(given.error)
    return 'hook_failed'
  }
  const { event } = given
  if (event === null || event === undefined) return 'redact_event'
  const attributes: Attributes = { ...event.attributes }
  if (event.request !== undefined) attributes[names.request] = yield* tools.writeJson(event.request)
  if (event.response !== undefined) attributes[names.response] = yield* tools.writeJson(event.response)
  const { message: _before, ...status } = copy.status
  return {
    ...copy,
    name: event.name,
    status: event.statusMessage === undefined ? status : { ...status, message: event.statusMessage },
    attributes,
    events: copy.events.flatMap((original, index) => {
      const edited = event.events[index]
      return edited ? [{ ...original, ...edited }] : []
    }),
  }
}

function ask(hook: RedactEvent, event: RedactableEvent, timeoutMillis: number): Answer | Promise<Answer> {
  try {
    const answer = hook(event)
    if (!(answer instanceof Promise)) return check(answer)
    return withTimeout(answer, 'redactEvent', timeoutMillis).then(check, (error: unknown) => ({ error }))
  } catch (error) {
    return { error }
  }
}

function check(event: RedactableEvent | null | undefined): Answer {
  if (event === null || event === undefined || isEvent(event)) return { event }
  return { error: new TypeError('The redactEvent hook did not return an event') }
}

function isEvent(value: RedactableEvent): boolean {
  return typeof value === 'object' && typeof value.name === 'string' && Array.isArray(value.events)
}

function describe(copy: ReadableSpanLike, names: ContentNames): RedactableEvent {
  const { [names.request]: request, [names.response]: response, ...attributes } = copy.attributes
  return {
    name: copy.name,
    ...(copy.status.message === undefined ? {} : { statusMessage: copy.status.message }),
    attributes,
    events: copy.events.map(({ name, attributes: own }) => ({ name, attributes: { ...own } })),
    ...(request === undefined ? {} : { request: parse(request) }),
    ...(response === undefined ? {} : { response: parse(response) }),
  }
}

/** Our own JSON; an attribute of the host's under the same name may be anything. */
function parse(json: unknown): unknown {
  if (typeof json !== 'string') return json
  try {
    return JSON.parse(json) as unknown
  } catch {
    return json // Not JSON: the hook sees the text.
  }
}
