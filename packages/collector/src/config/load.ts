import { readFileSync } from 'node:fs'
import { UserError } from '../errors.js'
import { isPlainMap, readDocument, type ConfigDocument, type ConfigPath, type ConfigSource } from './document.js'
import { expand, parseOrText, type Environment } from './environment.js'

/** A merged configuration with its environment references filled in, not yet validated. */
export interface LoadedConfig {
  readonly value: Record<string, unknown>
  /** `file:line` where the value at `path` was written, or empty when it came from no file. */
  locate(path: ConfigPath): string
  /** The text behind a value that an environment variable filled in. */
  textAt(path: ConfigPath): string | undefined
}

export interface LoadOptions {
  readonly sources: readonly ConfigSource[]
  /** `a.b=value`; the value is YAML. Later ones win, and all of them win over the sources. */
  readonly sets?: readonly string[]
  readonly env?: Environment
}

/** @throws UserError naming the file that cannot be read. */
export function readConfigFile(file: string): ConfigSource {
  try {
    return { name: file, text: readFileSync(file, 'utf8') }
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (cause as Error).message
    throw new UserError(`cannot read the configuration ${file}: ${reason}`, { cause })
  }
}

/**
 * Merges sources in order: maps merge, everything else is replaced by the later one.
 *
 * @throws UserError for YAML that does not parse, or a variable that is unset without a default.
 */
export function loadConfig({ sources, sets = [], env = process.env }: LoadOptions): LoadedConfig {
  const documents = [...sources, ...sets.map(setSource)].map(readDocument)
  const merged: Record<string, unknown> = {}
  for (const document of documents) merge(merged, document.value)

  const locate = (path: ConfigPath) => locateIn(documents, path)
  const texts = new Map<string, string>()
  const value = fill(merged, [])
  return { value: isPlainMap(value) ? value : {}, locate, textAt: (path) => texts.get(pathKey(path)) }

  function fill(node: unknown, path: ConfigPath): unknown {
    if (typeof node === 'string') {
      const expanded = expand(node, env, (name) => {
        throw new UserError(
          `${at(locate(path))}${formatPath(path)}: the environment variable ${name} is not set; ` +
            `set it, or write \${env:${name}:-default}`,
        )
      })
      if (expanded.text !== undefined) texts.set(pathKey(path), expanded.text)
      return expanded.value
    }
    if (Array.isArray(node)) return node.map((item, index) => fill(item, [...path, index]))
    if (!isPlainMap(node)) return node
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, fill(item, [...path, key])]))
  }
}

/** `receivers.otlp.protocols`, with list positions as `[0]`. */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${step}` : step),
    '',
  )
}

/** A place as a prefix of a message. */
export function at(place: string): string {
  return place ? `${place}: ` : ''
}

function setSource(assignment: string): ConfigSource {
  const equals = assignment.indexOf('=')
  if (equals < 1) throw new UserError(`--set ${assignment}: write it as path.to.key=value`)
  const path = assignment.slice(0, equals)
  const keys = path.split('.')
  const value = parseOrText(assignment.slice(equals + 1))
  const text = keys.map((key) => `{${JSON.stringify(key)}: `).join('') + JSON.stringify(value) + '}'.repeat(keys.length)
  return { name: `--set ${path}`, text, inline: true }
}

function merge(into: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(from)) {
    const known = Object.hasOwn(into, key) ? into[key] : undefined
    if (isPlainMap(known) && isPlainMap(value)) merge(known, value)
    else define(into, key, isPlainMap(value) ? copy(value) : value)
  }
}

function copy(map: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  merge(result, map)
  return result
}

/** Plain assignment would give `__proto__` its old meaning. */
function define(into: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(into, key, { value, enumerable: true, writable: true, configurable: true })
}

function locateIn(documents: readonly ConfigDocument[], path: ConfigPath): string {
  let best = { depth: 0, place: '' }
  for (const document of documents) {
    const found = document.locate(path)
    if (found.depth >= best.depth && found.depth > 0) best = found
  }
  return best.place
}

function pathKey(path: ConfigPath): string {
  return JSON.stringify(path.map(String))
}
