import type { AnyValue, KeyValue, Traces } from '@mcpcat/collector'
import { REDACTED, writeJson, type Redactor, type Work } from '@mcpcat/exporter/redaction'

/** Takes secrets out of everything in a batch that a sender may have written freely, in place. */
export function redactTraces(traces: Traces, redactor: Redactor, kept: ReadonlySet<string>): void {
  const redact = (attributes: KeyValue[]): void => redactAttributes(attributes, redactor, kept)
  for (const { resource, scopeSpans } of traces.resourceSpans) {
    redact(resource.attributes)
    for (const { scope, spans } of scopeSpans) {
      redact(scope.attributes)
      for (const span of spans) {
        span.name = redactor.text(span.name)
        span.status.message = redactor.text(span.status.message)
        redact(span.attributes)
        for (const event of span.events) {
          event.name = redactor.text(event.name)
          redact(event.attributes)
        }
        for (const link of span.links) redact(link.attributes)
      }
    }
  }
}

function redactAttributes(attributes: KeyValue[], redactor: Redactor, kept: ReadonlySet<string>): void {
  for (const attribute of attributes) {
    if (kept.has(attribute.key)) continue
    attribute.value = redactNamed(attribute.key, attribute.value, redactor)
    attribute.key = redactor.key(attribute.key)
  }
}

function redactNamed(key: string, value: AnyValue, redactor: Redactor): AnyValue {
  return redactor.isSecretKey(key) ? hidden(value) : redactValue(value, redactor)
}

/** What is no secret, whatever its name: nothing, empty text, a truth value. */
function hidden(value: AnyValue): AnyValue {
  const plain = value.boolValue !== undefined || value.stringValue === '' || Object.keys(value).length === 0
  return plain ? value : { stringValue: REDACTED }
}

function redactValue(value: AnyValue, redactor: Redactor): AnyValue {
  if (value.stringValue !== undefined) return { stringValue: redactString(value.stringValue, redactor) }
  if (value.intValue !== undefined) {
    const clean = redactor.number(Number(value.intValue))
    return typeof clean === 'string' ? { stringValue: clean } : value
  }
  if (value.arrayValue)
    return { arrayValue: { values: value.arrayValue.values.map((item) => redactValue(item, redactor)) } }
  if (value.kvlistValue) {
    const values = value.kvlistValue.values.map((entry) => ({
      key: redactor.key(entry.key),
      value: redactNamed(entry.key, entry.value, redactor),
    }))
    return { kvlistValue: { values } }
  }
  return value
}

/** JSON is redacted by its structure, so that a member's name decides about its value, and stays JSON. */
function redactString(text: string, redactor: Redactor): string {
  const parsed = /^\s*[{[]/.test(text) ? parse(text) : undefined
  if (parsed === undefined) return redactor.text(text)
  const clean = finished(writeJson(parsed, { redactor, shape: false, maxBytes: Number.POSITIVE_INFINITY }))
  // Text without secrets keeps its own spelling, and with it integers beyond 2^53.
  return clean === JSON.stringify(parsed) ? text : clean
}

/** Runs work that offers pauses and waits for nothing. */
function finished(work: Work<string>): string {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Text that begins like JSON and is none is text.
    return undefined
  }
}
