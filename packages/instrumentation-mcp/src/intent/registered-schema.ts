import { isRecord } from '../wire.js'
import { CONTEXT_ARGUMENT } from './schema.js'

/** The high-level servers that hold low-level ones: an `McpServer` knows the schemas that it lists. */
const highLevels = new WeakMap<object, object>()

export function rememberHighLevel(low: object, high: object): void {
  if (low !== high) highLevels.set(low, high)
}

/** The entry of a tool in an `McpServer`, whose `inputSchema` is a zod schema or none. */
export function registeredTool(low: object, name: string): Record<string, unknown> | undefined {
  const high = highLevels.get(low)
  const tools = high && '_registeredTools' in high ? high._registeredTools : undefined
  if (!isRecord(tools) || !Object.hasOwn(tools, name)) return undefined
  const tool = tools[name]
  return isRecord(tool) ? tool : undefined
}

/**
 * What the registered schema says of the `context` argument: `owned`, `free`, or `hidden` when it
 * is no plain object (a union, a refinement) that SDK v1 lists as an object without properties.
 * Undefined where nothing is registered.
 */
export function registeredContext(low: object, name: string): 'owned' | 'free' | 'hidden' | undefined {
  const tool = registeredTool(low, name)
  if (!tool) return undefined
  const schema = tool['inputSchema']
  if (schema === undefined) return 'free'
  const shape = shapeOf(schema)
  if (!shape) return 'hidden'
  return CONTEXT_ARGUMENT in shape ? 'owned' : 'free'
}

/** The properties of a zod object, of zod 3 or 4, or of a bare record of zod schemas. */
function shapeOf(schema: unknown): object | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined
  if ('shape' in schema) {
    const { shape } = schema
    const got: unknown = typeof shape === 'function' ? shape.call(schema) : shape
    return typeof got === 'object' && got !== null ? got : undefined
  }
  const isSchema = '_def' in schema || '_zod' in schema || '~standard' in schema
  return isSchema ? undefined : schema
}
