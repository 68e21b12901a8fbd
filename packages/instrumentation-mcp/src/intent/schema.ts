import { isRecord, type UnknownRecord } from '../wire.js'

export const CONTEXT_ARGUMENT = 'context'

/** Keywords at the root of a schema that a new property would not get past, or would change the meaning of. */
const COMPOSED = ['oneOf', 'anyOf', 'allOf', '$ref', 'if', 'not', 'patternProperties', 'propertyNames', 'maxProperties']

/** Whether a tool's input schema can take a `context` property without changing what it says otherwise. */
export function canTakeContext(schema: unknown): schema is UnknownRecord {
  if (!isRecord(schema) || schema['type'] !== 'object') return false
  if (COMPOSED.some((keyword) => keyword in schema)) return false
  const { properties, required } = schema
  if (properties !== undefined && !isRecord(properties)) return false
  if (required !== undefined && !Array.isArray(required)) return false
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
