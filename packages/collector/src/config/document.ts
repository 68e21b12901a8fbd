import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml'
import { UserError } from '../errors.js'

/** Where in a configuration: keys and list positions from the root. */
export type ConfigPath = readonly (string | number)[]

export interface ConfigSource {
  /** A file name, or `--set a.b` for a value from the command line; shown in errors. */
  readonly name: string
  readonly text: string
  /** A command-line value has no lines worth naming. */
  readonly inline?: boolean
}

/** One parsed YAML source, which remembers on which line each key stands. */
export interface ConfigDocument {
  readonly value: Record<string, unknown>
  /** `file:line` of the deepest part of `path` that this source has. */
  locate(path: ConfigPath): { depth: number; place: string }
}

/** @throws UserError for text that is not YAML, or whose root is not a map. */
export function readDocument(source: ConfigSource): ConfigDocument {
  const lines = new LineCounter()
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false, strict: true })
  const problem = document.errors[0]
  if (problem)
    throw new UserError(`${source.name}:${lines.linePos(problem.pos[0]).line}: not valid YAML: ${problem.message}`)
  const value: unknown = document.toJS() ?? {}
  if (!isPlainMap(value))
    throw new UserError(`${source.name}:1: the configuration must be a map with receivers, exporters and service`)
  return { value, locate: (path) => locate(document, lines, source, path) }
}

function locate(document: Document, lines: LineCounter, source: ConfigSource, path: ConfigPath) {
  let node: unknown = document.contents
  let offset = 0
  let depth = 0
  for (const step of path) {
    const child = childOf(node, step)
    if (!child) break
    offset = child.offset
    node = child.node
    depth += 1
  }
  return { depth, place: source.inline ? source.name : `${source.name}:${lines.linePos(offset).line}` }
}

function childOf(node: unknown, step: string | number): { node: unknown; offset: number } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
    if (!pair || !isScalar(pair.key)) return undefined
    return { node: pair.value, offset: pair.key.range?.[0] ?? 0 }
  }
  const items = node instanceof Object && 'items' in node && Array.isArray(node.items) ? (node.items as unknown[]) : []
  const item = items[Number(step)]
  return isNode(item) ? { node: item, offset: item.range?.[0] ?? 0 } : undefined
}

export function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
