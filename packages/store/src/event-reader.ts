import type { KeyValue, Resource, Span } from '@mcpcat/collector'
import { attributesOf, noteOf, spanInBytes, textValues, valueText, wellFormed } from '@mcpcat/collector'
import {
  ATTR_ERROR_TYPE,
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_CALL_ARGUMENTS,
  ATTR_GEN_AI_TOOL_CALL_RESULT,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCP_CLIENT_NAME,
  ATTR_MCP_CLIENT_VERSION,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_MCP_RESOURCE_URI,
  ATTR_MCP_SERVER_NAME,
  ATTR_MCP_SERVER_VERSION,
  ATTR_MCP_SESSION_ID,
  ATTR_MCPCAT_EVENT_TYPE,
  ATTR_MCPCAT_INTENT,
  ATTR_MCPCAT_MISSING_TOOL,
  ATTR_MCPCAT_REQUEST,
  ATTR_MCPCAT_RESPONSE,
  ATTR_NETWORK_TRANSPORT,
  ATTR_RPC_RESPONSE_STATUS_CODE,
  ATTR_SERVICE_NAME,
  ATTR_USER_EMAIL,
  ATTR_USER_ID,
  ATTR_USER_NAME,
} from '@mcpcat/semconv'
import type { KnownStrands, SessionRules } from '@mcpcat/sessions'
import { eventEnd, knownBy, KnownStrand, knownStrands, readStrand, strandAttributes } from '@mcpcat/sessions'
import { AttributeShapes } from './attribute-shapes.js'
import { EventAttributes } from './event-attributes.js'
import type { EventIds } from './event-ids.js'
import { EventId } from './event-ids.js'
import { COLUMNED, CONTENTS, placeOf, READ } from './event-places.js'
import type { ReadEvent } from './event-facts.js'
import type { Pairs } from './native/maps.js'
import type { PackedTexts } from './packed-texts.js'
import type { Parties, Program, Spoken } from './spoken-of.js'
import { PROGRAMS, samePairs } from './spoken-of.js'
import type { TextsInBytes } from './texts-in-bytes.js'
import { clamped } from './timestamps.js'

const ERROR_TYPE = placeOf(ATTR_ERROR_TYPE)
const GEN_AI_PROMPT_NAME = placeOf(ATTR_GEN_AI_PROMPT_NAME)
const GEN_AI_TOOL_CALL_ARGUMENTS = placeOf(ATTR_GEN_AI_TOOL_CALL_ARGUMENTS)
const GEN_AI_TOOL_CALL_RESULT = placeOf(ATTR_GEN_AI_TOOL_CALL_RESULT)
const GEN_AI_TOOL_NAME = placeOf(ATTR_GEN_AI_TOOL_NAME)
const MCPCAT_EVENT_TYPE = placeOf(ATTR_MCPCAT_EVENT_TYPE)
const MCPCAT_INTENT = placeOf(ATTR_MCPCAT_INTENT)
const MCPCAT_MISSING_TOOL = placeOf(ATTR_MCPCAT_MISSING_TOOL)
const MCPCAT_REQUEST = placeOf(ATTR_MCPCAT_REQUEST)
const MCPCAT_RESPONSE = placeOf(ATTR_MCPCAT_RESPONSE)
const MCP_CLIENT_NAME = placeOf(ATTR_MCP_CLIENT_NAME)
const MCP_CLIENT_VERSION = placeOf(ATTR_MCP_CLIENT_VERSION)
const MCP_METHOD_NAME = placeOf(ATTR_MCP_METHOD_NAME)
const MCP_PROTOCOL_VERSION = placeOf(ATTR_MCP_PROTOCOL_VERSION)
const MCP_RESOURCE_URI = placeOf(ATTR_MCP_RESOURCE_URI)
const MCP_SERVER_NAME = placeOf(ATTR_MCP_SERVER_NAME)
const MCP_SERVER_VERSION = placeOf(ATTR_MCP_SERVER_VERSION)
const MCP_SESSION_ID = placeOf(ATTR_MCP_SESSION_ID)
const NETWORK_TRANSPORT = placeOf(ATTR_NETWORK_TRANSPORT)
const RPC_RESPONSE_STATUS_CODE = placeOf(ATTR_RPC_RESPONSE_STATUS_CODE)
const USER_EMAIL = placeOf(ATTR_USER_EMAIL)
const USER_ID = placeOf(ATTR_USER_ID)
const USER_NAME = placeOf(ATTR_USER_NAME)
/** A server's name may be the service's as well. */
const PLACE_OF_PROGRAM: Readonly<Record<Program, number>> = {
  client_name: MCP_CLIENT_NAME,
  client_version: MCP_CLIENT_VERSION,
  server_name: MCP_SERVER_NAME,
  server_version: MCP_SERVER_VERSION,
  protocol_version: MCP_PROTOCOL_VERSION,
  transport: NETWORK_TRANSPORT,
}
const PROGRAM_PLACES = Int32Array.from(PROGRAMS, (program) => PLACE_OF_PROGRAM[program])

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

/** What a resource says to all of its events. */
interface ResourceTexts {
  readonly values: ReadonlyMap<string, string>
  readonly pairs: Pairs
}

/**
 * Reads the events of spans, one at a time: what it says is of the one that was read last. What
 * repeats from one span to the next is remembered, within bounds.
 */
export class EventReader implements ReadEvent {
  readonly #rules: SessionRules
  readonly #strands: KnownStrands
  readonly #trusts: (known: KnownStrand) => boolean
  #serviceName = ''
  readonly #resources = new WeakMap<KeyValue[], ResourceTexts>()
  readonly attributes: EventAttributes
  /** The strand with its key, the same object for all events of it that are near. */
  known!: KnownStrand
  readonly id: EventId = new EventId()
  /** Nanoseconds, within what the engine's times can hold. */
  start = 0n
  end = 0n
  duration = 0n
  parent_span_id = ''
  kind = ''
  method = ''
  target = ''
  /** Where the attributes have it. */
  targetPlace: number = MCP_RESOURCE_URI
  is_error = false
  is_missing_tool = false
  error_type = ''
  jsonrpc_code: number | null = null
  error_message = ''
  error_stack = ''
  resource: Pairs = []

  constructor(rules: SessionRules) {
    this.#rules = rules
    this.#strands = knownStrands(rules)
    this.#trusts = knownBy(rules)
    this.attributes = new EventAttributes(
      new AttributeShapes(CONTENTS, COLUMNED, [...READ, ...strandAttributes(rules)]),
    )
  }

  /** @returns false where the span is no MCP event. */
  read(span: Span, resource: Resource): boolean {
    const { attributes } = this
    attributes.read(attributesOf(span))
    if (attributes.has(MCP_METHOD_NAME)) {
      // Mostly it is the one of the event before.
      if (!attributes.says(MCP_METHOD_NAME, this.method)) this.method = attributes.text(MCP_METHOD_NAME)
    } else if (attributes.has(MCPCAT_EVENT_TYPE)) this.method = `mcpcat:${attributes.text(MCPCAT_EVENT_TYPE)}`
    else return false

    const { values, pairs } = this.#resourceTexts(resource)
    this.resource = pairs
    const inBytes = spanInBytes(span)
    this.parent_span_id = inBytes?.hasParent === false ? '' : span.parentSpanId
    if (!inBytes || !this.id.readBytes(inBytes)) this.id.read(span.traceId, span.spanId)
    this.known = this.#strandOf(span, values)
    const { startTimeUnixNano: start, endTimeUnixNano: end } = span
    this.start = clamped(start)
    this.end = clamped(eventEnd(start, end))
    this.duration = duration(this.start, end)
    this.kind = KINDS[span.kind] ?? 'unspecified'
    this.targetPlace = this.#placeOfTarget()
    this.target = attributes.text(this.targetPlace)
    this.is_missing_tool = attributes.says(MCPCAT_MISSING_TOOL, 'true')
    if (inBytes) this.#readError(inBytes.statusCode, '', NO_EXCEPTION)
    else this.#readError(span.status.code, span.status.message, exceptionOf(span))
    this.#serviceName = values.get(ATTR_SERVICE_NAME) ?? ''
    return true
  }

  get eventId(): string {
    return this.id.text
  }

  pushIdTo(ids: EventIds): void {
    ids.pushUtf8(this.id, 0, this.id.length)
  }

  pushIntentTo(intents: PackedTexts): void {
    this.attributes.addTo(intents, MCPCAT_INTENT)
  }

  get mcp_session_id(): string {
    return this.attributes.text(MCP_SESSION_ID)
  }

  get user_id(): string {
    return this.attributes.text(USER_ID)
  }

  get user_name(): string {
    return this.attributes.text(USER_NAME)
  }

  get user_traits(): Pairs {
    const { attributes } = this
    const { traits } = attributes
    return attributes.has(USER_EMAIL) ? withEmail(attributes.text(USER_EMAIL), traits) : traits
  }

  get client_name(): string {
    return this.attributes.text(MCP_CLIENT_NAME)
  }

  get client_version(): string {
    return this.attributes.text(MCP_CLIENT_VERSION)
  }

  get server_name(): string {
    return this.attributes.has(MCP_SERVER_NAME) ? this.attributes.text(MCP_SERVER_NAME) : this.#serviceName
  }

  get server_version(): string {
    return this.attributes.text(MCP_SERVER_VERSION)
  }

  get protocol_version(): string {
    return this.attributes.text(MCP_PROTOCOL_VERSION)
  }

  get transport(): string {
    return this.attributes.text(NETWORK_TRANSPORT)
  }

  isOf(spoken: Spoken): boolean {
    const { attributes } = this
    return (
      // Events of one strand that have a session's id have the same, and nobody has to look at it.
      attributes.size(MCP_SESSION_ID) > 0 === spoken.hasSession &&
      (this.#isByPrograms(spoken.setting.programs) || this.#isBy(spoken.speaker.parties)) &&
      (spoken.hasUser || this.#mayHaveUser ? this.#isOfUser(spoken.speaker.parties) : true)
    )
  }

  get #mayHaveUser(): boolean {
    const { attributes } = this
    return attributes.has(USER_ID) || attributes.has(USER_NAME) || attributes.has(USER_EMAIL) || attributes.hasTraits
  }

  #isOfUser(parties: Parties): boolean {
    const { attributes } = this
    return (
      attributes.says(USER_ID, parties.user_id) &&
      attributes.says(USER_NAME, parties.user_name) &&
      samePairs(this.user_traits, parties.user_traits)
    )
  }

  /** False as well where it takes texts to find out. */
  #isByPrograms(programs: TextsInBytes): boolean {
    return this.attributes.has(MCP_SERVER_NAME) && this.attributes.sayInBytes(PROGRAM_PLACES, programs)
  }

  #isBy(parties: Parties): boolean {
    for (const program of PROGRAMS) if (this[program] !== parties[program]) return false
    return true
  }

  get intent(): string {
    return this.attributes.text(MCPCAT_INTENT)
  }

  /** Where the attributes have what was asked. */
  get request(): number {
    return this.attributes.has(GEN_AI_TOOL_CALL_ARGUMENTS) ? GEN_AI_TOOL_CALL_ARGUMENTS : MCPCAT_REQUEST
  }

  /** Where the attributes have what was answered. */
  get response(): number {
    return this.attributes.has(GEN_AI_TOOL_CALL_RESULT) ? GEN_AI_TOOL_CALL_RESULT : MCPCAT_RESPONSE
  }

  #strandOf(span: Span, ofResource: ReadonlyMap<string, string>): KnownStrand {
    const note = noteOf(span)
    if (note instanceof KnownStrand && this.#trusts(note)) return note
    const lookup = (name: string): string | undefined => this.attributes.get(name) ?? ofResource.get(name)
    return this.#strands.of(readStrand(lookup, { eventId: this.eventId, traceId: span.traceId }, this.#rules))
  }

  #placeOfTarget(): number {
    const { attributes } = this
    if (attributes.size(GEN_AI_TOOL_NAME) > 0) return GEN_AI_TOOL_NAME
    return attributes.size(GEN_AI_PROMPT_NAME) > 0 ? GEN_AI_PROMPT_NAME : MCP_RESOURCE_URI
  }

  #readError(status: number, message: string, exception: Exception): void {
    const { attributes } = this
    const hasType = attributes.has(ERROR_TYPE)
    this.is_error = hasType || status === ERROR_STATUS
    this.error_type = hasType ? attributes.text(ERROR_TYPE) : exception.type
    this.error_message = wellFormed(message) || exception.message
    this.error_stack = exception.stack
    const code = attributes.has(RPC_RESPONSE_STATUS_CODE)
      ? Number.parseInt(attributes.text(RPC_RESPONSE_STATUS_CODE), 10)
      : Number.NaN
    this.jsonrpc_code = isInt32(code) ? code : null
  }

  #resourceTexts({ attributes: given }: Resource): ResourceTexts {
    const known = this.#resources.get(given)
    if (known) return known
    const values = textValues(given)
    const read = { values, pairs: [...values].flat() }
    this.#resources.set(given, read)
    return read
  }
}

/** A trait of that name says more than the attribute. */
function withEmail(email: string, traits: Pairs): Pairs {
  for (let index = 0; index < traits.length; index += 2) if (traits[index] === 'email') return traits
  return ['email', email, ...traits]
}

/** What the span says, whatever it says. */
function duration(start: bigint, end: bigint): bigint {
  if (end < start) return 0n
  const nanoseconds = end - start
  return nanoseconds > LONGEST ? LONGEST : nanoseconds
}

const LONGEST = 2n ** 63n - 1n

function isInt32(code: number): boolean {
  return Number.isInteger(code) && code === (code | 0)
}

/** Of an OTLP status. */
const ERROR_STATUS = 2

interface Exception {
  readonly type: string
  readonly message: string
  readonly stack: string
}

const NO_EXCEPTION: Exception = { type: '', message: '', stack: '' }

function exceptionOf(span: Span): Exception {
  if (span.events.length === 0) return NO_EXCEPTION
  const event = span.events.find(({ name }) => name === 'exception')
  const text = (name: string): string => {
    const value = event?.attributes.find(({ key }) => key === name)?.value
    return value ? valueText(value) : ''
  }
  return {
    type: text(ATTR_EXCEPTION_TYPE),
    message: text(ATTR_EXCEPTION_MESSAGE),
    stack: text(ATTR_EXCEPTION_STACKTRACE),
  }
}
