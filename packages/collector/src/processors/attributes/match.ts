import { z } from 'zod'
import type { AnyValue, KeyValue, Resource, Span } from '../../traces.js'

/** Which spans are meant, in the shape of otelcol's include and exclude: all criteria must hold. */
export interface MatchConfig {
  match_type: 'strict' | 'regexp'
  services?: string[] | undefined
  span_names?: string[] | undefined
  /** Span attributes; without a value the key must be there. */
  attributes?: { key: string; value?: string | number | boolean | undefined }[] | undefined
  /** Resource attributes, likewise. */
  resources?: { key: string; value?: string | number | boolean | undefined }[] | undefined
}

const attributeSchema = z.strictObject({
  key: z.string().min(1),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
})

export const matchSchema: z.ZodType<MatchConfig> = z
  .strictObject({
    match_type: z.enum(['strict', 'regexp']).default('strict'),
    services: z.array(z.string()).min(1).optional(),
    span_names: z.array(z.string()).min(1).optional(),
    attributes: z.array(attributeSchema).min(1).optional(),
    resources: z.array(attributeSchema).min(1).optional(),
  })
  .refine((config) => config.services ?? config.span_names ?? config.attributes ?? config.resources, {
    message: 'expected at least one of services, span_names, attributes, resources',
  })
  .superRefine((config, issues) => {
    if (config.match_type !== 'regexp') return
    for (const [index, pattern] of patternsOf(config).entries()) {
      if (!isPattern(pattern))
        issues.addIssue({ code: 'custom', message: `"${pattern}" is not a regular expression`, path: [index] })
    }
  })

export type SpanMatcher = (span: Span, resource: Resource) => boolean

/** Compiles the criteria once. */
export function spanMatcher(config: MatchConfig): SpanMatcher {
  const matches = config.match_type === 'regexp' ? byPattern : byEquality
  const services = config.services?.map(matches)
  const names = config.span_names?.map(matches)
  const own = config.attributes?.map(({ key, value }) => attributeTest(key, value, matches))
  const shared = config.resources?.map(({ key, value }) => attributeTest(key, value, matches))
  return (span, resource) =>
    (!services || services.some((test) => test(textOf(resource.attributes, 'service.name') ?? ''))) &&
    (!names || names.some((test) => test(span.name))) &&
    (!own || own.every((test) => test(span.attributes))) &&
    (!shared || shared.every((test) => test(resource.attributes)))
}

type TextTest = (text: string) => boolean

function byEquality(wanted: string): TextTest {
  return (text) => text === wanted
}

function byPattern(wanted: string): TextTest {
  const pattern = new RegExp(wanted)
  return (text) => pattern.test(text)
}

function attributeTest(
  key: string,
  value: string | number | boolean | undefined,
  matches: (wanted: string) => TextTest,
) {
  const test = value === undefined ? () => true : matches(String(value))
  return (attributes: readonly KeyValue[]): boolean => {
    const text = textOf(attributes, key)
    return text !== undefined && test(text)
  }
}

function textOf(attributes: readonly KeyValue[], key: string): string | undefined {
  const found = attributes.find((attribute) => attribute.key === key)
  return found && valueText(found.value)
}

/** A scalar as text; what is nested never matches. */
export function valueText(value: AnyValue): string | undefined {
  const scalar = value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue
  return scalar === undefined ? undefined : String(scalar)
}

function patternsOf(config: MatchConfig): string[] {
  const values = [...(config.attributes ?? []), ...(config.resources ?? [])].map(({ value }) => String(value ?? ''))
  return [...(config.services ?? []), ...(config.span_names ?? []), ...values]
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    // The only reason why the constructor throws.
    return false
  }
}
