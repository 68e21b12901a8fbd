import { isRecord, type UnknownRecord } from '../wire.js'

export const CONTEXT_ARGUMENT = 'context'

/** Keywords at the root that a new property would not get past, or whose meaning it would change. */
const UNFIT = [
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'if',
  '$ref',
  '$dynamicRef',
  'const',
  'enum',
  'patternProperties',
  'propertyNames',
  'maxProperties',
  'dependentSchemas',
  'dependentRequired',
]

/** Whether a tool's input schema can take a `context` property without changing what it says otherwise. */
export function canTakeContext(schema: unknown): schema is UnknownRecord {
  if (!isRecord(schema) || schema['type'] !== 'object') return false
  if (UNFIT.some((keyword) => keyword in schema)) return false
  const { properties, required, additionalProperties } = schema
  if (properties !== undefined && !isRecord(properties)) return false
  if (required !== undefined && !Array.isArray(required)) return false
  // A map whose values have a schema: any key, this one too, may be the caller's data.
  if (isRecord(additionalProperties) && Object.keys(additionalProperties).length > 0) return false
  return !(properties && CONTEXT_ARGUMENT in properties) && !required?.includes(CONTEXT_ARGUMENT)
}

/** A copy of the schema with the property, everything else as it was and where it was. */
export function withContextProperty(schema: UnknownRecord, description: string, required: boolean): UnknownRecord {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  const withProperty = { ...schema, properties: { ...properties, [CONTEXT_ARGUMENT]: { type: 'string', description } } }
  if (!required) return withProperty
  const names = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : []
  return { ...withProperty, required: [...names, CONTEXT_ARGUMENT] }
}

/** Whether the listed schema names no property: SDK v1 lists unions and refinements like that. */
export function namesNoProperty(schema: UnknownRecord): boolean {
  const { properties } = schema
  return !isRecord(properties) || Object.keys(properties).length === 0
}
