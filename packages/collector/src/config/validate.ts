import { z } from 'zod'
import { isPlainMap, type ConfigPath } from './document.js'
import { at, formatPath, type LoadedConfig } from './load.js'
import { suggestion } from './nearest.js'

/**
 * Validates the part of a configuration at `path`.
 *
 * @param problems Gets one line per problem: file and line, config path, what is wrong, and the
 * nearest valid key for an unknown one.
 * @returns The value with its defaults, or undefined when there are problems.
 */
export function check<T>(
  schema: z.ZodType<T>,
  config: LoadedConfig,
  path: ConfigPath,
  problems: string[],
): T | undefined {
  const input = structuredClone(valueAt(config.value, path))
  let result = schema.safeParse(input)
  if (!result.success && result.error.issues.some((issue) => adapt(input, issue, config, path)))
    result = schema.safeParse(input)
  if (result.success) return result.data
  for (const issue of result.error.issues) problems.push(...describe(issue, schema, config, path))
  return undefined
}

/**
 * Two liberties that otelcol gives: a key without a value stands for an empty map, and an
 * environment variable that reads as a number may fill a string.
 */
function adapt(input: unknown, issue: z.core.$ZodIssue, config: LoadedConfig, path: ConfigPath): boolean {
  if (issue.code !== 'invalid_type' || issue.path.length === 0) return false
  const steps = issue.path as (string | number)[]
  const parent = valueAt(input, steps.slice(0, -1)) as Record<string | number, unknown>
  const key = steps.at(-1)!
  if (parent[key] === null && (issue.expected === 'object' || issue.expected === 'record')) parent[key] = {}
  else if (issue.expected === 'string') {
    const text = config.textAt([...path, ...steps])
    if (text === undefined) return false
    parent[key] = text
  } else return false
  return true
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType, config: LoadedConfig, root: ConfigPath): string[] {
  const steps = issue.path as (string | number)[]
  const path = [...root, ...steps]
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, steps)
    return issue.keys.map((key) => {
      const full = [...path, key]
      return `${at(config.locate(full))}${formatPath(full)}: unknown key "${key}"${suggestion(key, known)}`
    })
  }
  const message = issue.message.replace(/^Invalid input: /, '')
  return [`${at(config.locate(path))}${formatPath(path)}: ${message}`]
}

/** The keys that the schema knows at `steps`, for suggestions. */
function keysAt(schema: z.ZodType, steps: ConfigPath): string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  let nodes = alternatives(root)
  for (const step of steps) {
    nodes = nodes.flatMap((node) => {
      const child = typeof step === 'number' ? node.items : (node.properties?.[step] ?? node.additionalProperties)
      return isPlainMap(child) ? alternatives(child) : []
    })
  }
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))]
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
}

function alternatives(node: JsonSchema): JsonSchema[] {
  return [node, ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(alternatives)]
}

export function valueAt(value: unknown, path: ConfigPath): unknown {
  let node = value
  for (const step of path) node = (node as Record<string | number, unknown> | null | undefined)?.[step]
  return node
}
