import {
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESPONSE,
} from '@mcpcat/semconv'
import type { Attributes, Link } from '@opentelemetry/api'
import { AttributeRedaction, NAMES_ONLY, type TextPolicy } from './attribute-redaction.js'
import type { ContentSnapshot } from './content-snapshot.js'
import { guardRedactText, withTimeout } from './hooks.js'
import type { DropReason } from './ledger.js'
import type { ResolvedProcessorOptions } from './processor-options.js'
import { runRedactEvent } from './redact-event.js'
import { createRedactor, type Redactor } from './redaction/redactor.js'
import { type Work, writeJson } from './redaction/write-json.js'
import { copySpan } from './span-copy.js'
import type { ReadableSpanLike, ResourceLike, SpanEventLike } from './span-types.js'

/** Where a span's content goes. */
export interface ContentNames {
  request: string
  response: string
}

const TOOL_CALL: ContentNames = { request: ATTR_GEN_AI_TOOL_CALL_ARGUMENTS, response: ATTR_GEN_AI_TOOL_CALL_RESULT }
const OTHER_METHODS: ContentNames = { request: ATTR_MCPCAT_REQUEST, response: ATTR_MCPCAT_RESPONSE }
const CONTENT_ATTRIBUTES = [...Object.values(TOOL_CALL), ...Object.values(OTHER_METHODS)]

/** How long attributes that resource detectors still look for are waited for. */
const RESOURCE_WAIT_MILLIS = 5000

/** Makes of a finished span the copy that may leave the process; the span itself is never changed. */
export class SpanRedaction {
  readonly #options: ResolvedProcessorOptions
  readonly #redactor: Redactor
  readonly #attributes: AttributeRedaction
  readonly #onHookFailure: (error: unknown) => void
  readonly #resources = new WeakMap<ResourceLike, ResourceLike>()

  constructor(options: ResolvedProcessorOptions, onHookFailure: (error: unknown) => void) {
    this.#options = options
    this.#onHookFailure = onHookFailure
    this.#redactor = createRedactor(options.redaction)
    this.#attributes = new AttributeRedaction(this.#redactor, options.keepAttributes, options.maxContentBytes)
  }

  /** The copy, or why there is none. */
  *prepare(span: ReadableSpanLike, content: ContentSnapshot | undefined): Work<ReadableSpanLike | DropReason> {
    const policy = this.#textPolicy()
    const names = span.attributes[ATTR_MCP_METHOD_NAME] === 'tools/call' ? TOOL_CALL : OTHER_METHODS
    const attributes = yield* this.#attributes.attributes(span.attributes, policy)
    if (this.#options.content === 'none') for (const name of CONTENT_ATTRIBUTES) delete attributes[name]
    else if (content) yield* this.#addContent(attributes, names, content, policy)

    const events: SpanEventLike[] = []
    for (const event of span.events) {
      const eventAttributes = yield* this.#attributes.attributes(event.attributes ?? {}, policy)
      events.push({ ...event, name: this.#redactor.key(event.name), attributes: eventAttributes })
    }
    const links: Link[] = []
    for (const link of span.links) {
      links.push({ ...link, attributes: yield* this.#attributes.attributes(link.attributes ?? {}, policy) })
    }
    const { message } = span.status
    const copy = copySpan(span, {
      name: this.#redactor.text(span.name),
      status: message ? { ...span.status, message: yield* this.#attributes.text(message, policy) } : span.status,
      attributes,
      links,
      events,
      resource: yield* this.#resource(span.resource),
    })
    if (!this.#options.redactEvent) return copy
    return yield* runRedactEvent(this.#options.redactEvent, copy, names, {
      timeoutMillis: this.#options.hookTimeoutMillis,
      onFailure: this.#onHookFailure,
      writeJson: (value) => writeJson(value, this.#jsonOptions({ shape: false })),
    })
  }

  *#addContent(attributes: Attributes, names: ContentNames, content: ContentSnapshot, policy: TextPolicy): Work<void> {
    const options = this.#jsonOptions(policy)
    const request = names === TOOL_CALL ? argumentsOf(content.request) : content.request
    if (request !== undefined) attributes[names.request] = yield* writeJson(request, options)
    if (content.response !== undefined) attributes[names.response] = yield* writeJson(content.response, options)
  }

  #jsonOptions(policy: TextPolicy): Parameters<typeof writeJson>[1] {
    return {
      redactor: this.#redactor,
      maxBytes: this.#options.maxContentBytes,
      shape: policy.shape,
      hook: policy.hook,
    }
  }

  /** One per span: once a hook was too slow, the rest of the span does not wait for it again. */
  #textPolicy(): TextPolicy {
    const { redact, hookTimeoutMillis, content } = this.#options
    const shape = content === 'shape'
    if (!redact || shape) return { shape }
    return { shape, hook: guardRedactText(redact, hookTimeoutMillis, this.#onHookFailure) }
  }

  *#resource(resource: ResourceLike): Work<ResourceLike> {
    const known = this.#resources.get(resource)
    if (known) return known
    if (resource.asyncAttributesPending && resource.waitForAsyncAttributes) {
      const settled = withTimeout(resource.waitForAsyncAttributes(), 'resource', RESOURCE_WAIT_MILLIS)
      // What a detector did not find in time is left out.
      yield settled.then(
        () => '',
        () => '',
      )
    }
    const attributes = yield* this.#attributes.attributes(resource.attributes, NAMES_ONLY)
    const copy: ResourceLike = { attributes, schemaUrl: resource.schemaUrl }
    this.#resources.set(resource, copy)
    return copy
  }
}

function argumentsOf(params: unknown): unknown {
  return typeof params === 'object' && params !== null ? (params as { arguments?: unknown }).arguments : undefined
}
