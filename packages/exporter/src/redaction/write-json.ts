import { type JsonNode, jsonView, ownKeys, readProperty } from './json-view.js'
import { type Redactor, redactedValue } from './redactor.js'

/**
 * Work that can be interrupted: yields nothing where it may pause, or a promise whose value it
 * needs to go on.
 */
export type Work<T> = Generator<Promise<string> | undefined, T, string | undefined>

export interface WriteJsonOptions {
  redactor: Redactor
  /** Names of types in the place of values. */
  shape: boolean
  /** UTF-8 bytes at most; what does not fit is cut, says so, and the JSON stays valid. */
  maxBytes: number
  /** The user's own redaction of each text, after the built-in one. Must not throw. */
  hook?: ((text: string) => string | Promise<string>) | undefined
}

interface Frame {
  node: object
  /** Absent for arrays. */
  keys?: string[]
  length: number
  index: number
  written: number
  /** Object keys already written, where redaction may have made two of them equal. */
  taken?: Set<string>
  /** The value of a name/value pair whose name is secret. */
  secretValue?: boolean
}

const MAX_DEPTH = 100
/** Room for the marks and brackets that close everything that is open. */
const CLOSING_BYTES = 64
/** Texts up to this length are redacted in one go. */
const SHORT_TEXT = 4096
/** Characters of a long text that are escaped in one go. */
const CHUNK = 16_384
/** Stands in for a text whose hook could not be waited for. */
const UNREDACTED = '[REDACTED:hook failed]'
/** A member that JSON leaves out. */
const SKIP = Symbol('skip')
/** Nodes between two offers to pause. */
const STRIDE = 64

/** The value as JSON, redacted and cut to size, walked without recursion. */
export function* writeJson(value: unknown, options: WriteJsonOptions): Work<string> {
  const { redactor, shape, hook } = options
  const parts: string[] = []
  const stack: Frame[] = []
  let left = options.maxBytes - CLOSING_BYTES
  let ticks = 0

  const write = (part: string): void => {
    parts.push(part)
    left -= part.length < 8 ? part.length : Buffer.byteLength(part)
  }

  /** The common case, without a generator of its own. */
  const writeShort = (text: string): boolean => {
    if (hook || text.length > SHORT_TEXT || text.length > left - 2) return false
    const json = JSON.stringify(redactor.text(text))
    if (json.length * 3 > left && Buffer.byteLength(json) > left) return false
    write(json)
    return true
  }

  function* writeText(text: string): Work<void> {
    const limit = Math.min(text.length, Math.max(0, left - 2))
    let clean =
      text.length <= SHORT_TEXT && limit === text.length ? redactor.text(text) : yield* redactor.longText(text, limit)
    if (hook) {
      const answer = hook(clean)
      clean = typeof answer === 'string' ? answer : ((yield answer) ?? UNREDACTED)
    }
    let cut = text.length - limit
    write('"')
    for (let at = 0; at < clean.length;) {
      const end = chunkEnd(clean, at)
      const json = JSON.stringify(clean.slice(at, end)).slice(1, -1)
      if (Buffer.byteLength(json) > left) {
        const start = fit(clean.slice(at, end), left)
        write(JSON.stringify(start).slice(1, -1))
        cut += clean.length - at - start.length
        break
      }
      write(json)
      at = end
      yield
    }
    write(`${cut > 0 ? truncationMark(cut) : ''}"`)
  }

  const open = (node: object): void => {
    const isArray = Array.isArray(node)
    const keys = isArray ? undefined : ownKeys(node)
    const length = keys ? keys.length : (node as unknown[]).length
    write(isArray ? '[' : '{')
    const frame: Frame = { node, length, index: 0, written: 0 }
    if (keys) {
      frame.keys = keys
      frame.secretValue = keys.includes('value') && isNamedSecret(node, redactor)
    }
    stack.push(frame)
  }

  /** Writes the node, or answers the text that is too much for one go. */
  const writeNode = (node: JsonNode): string | undefined => {
    if (typeof node === 'string') {
      if (!shape && !writeShort(node)) return node
      if (shape) write('"string"')
    } else if (typeof node === 'number') write(shape ? '"number"' : JSON.stringify(redactor.number(node)))
    else if (typeof node === 'boolean') write(shape ? '"boolean"' : String(node))
    else if (node === null || node === undefined) write('null')
    else if (stack.length >= MAX_DEPTH) write('"[too deep]"')
    else open(node)
    return undefined
  }

  /** Writes what stands before the next member, and answers what is to be written of it; `SKIP` if there is nothing. */
  const nextNode = (frame: Frame): JsonNode | typeof SKIP => {
    const index = frame.index++
    if (!frame.keys) {
      if (frame.written++ > 0) write(',')
      return jsonView(readProperty(frame.node, index))
    }
    const key = frame.keys[index] ?? ''
    const member = jsonView(readProperty(frame.node, key))
    if (member === undefined) return SKIP
    write(`${frame.written++ > 0 ? ',' : ''}${JSON.stringify(cleanKey(frame, key, redactor))}:`)
    if (shape) return member
    if (redactor.isSecretKey(key) || (frame.secretValue === true && key === 'value')) return redactedValue(member)
    return typeof member === 'string' ? (binaryMark(frame.node, key, member) ?? member) : member
  }

  const longText = writeNode(jsonView(value))
  if (longText !== undefined) yield* writeText(longText)
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    if (frame.index >= frame.length || left <= 0) {
      const more = frame.length - frame.index
      if (more > 0) parts.push(remainder(frame, more))
      parts.push(frame.keys ? '}' : ']')
      stack.pop()
      continue
    }
    ticks += 1
    if (ticks % STRIDE === 0) yield
    const node = nextNode(frame)
    const long = node === SKIP ? undefined : writeNode(node)
    if (long !== undefined) yield* writeText(long)
  }
  return parts.join('')
}

function truncationMark(characters: number): string {
  return `… [truncated: ${characters} more characters]`
}

function remainder(frame: Frame, more: number): string {
  const comma = frame.written > 0 ? ',' : ''
  return frame.keys ? `${comma}"[truncated]":"${more} more"` : `${comma}"[truncated: ${more} more]"`
}

/** Where a chunk that begins at `from` ends, without parting a surrogate pair. */
function chunkEnd(text: string, from: number): number {
  const end = Math.min(text.length, from + CHUNK)
  return end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end + 1 : end
}

/** The longest beginning of a chunk that fits in so many bytes of JSON, found by halving. */
function fit(chunk: string, room: number): string {
  let fits = 0
  for (let step = chunk.length; step >= 1; step = Math.floor(step / 2)) {
    const candidate = Math.min(chunk.length, fits + step)
    if (Buffer.byteLength(JSON.stringify(chunk.slice(0, candidate))) - 2 <= room) fits = candidate
  }
  return chunk.slice(0, fits)
}

/** A name may itself be a secret; two that redaction made equal are told apart. */
function cleanKey(frame: Frame, key: string, redactor: Redactor): string {
  const clean = redactor.key(key)
  if (clean === key && !frame.taken) return key
  frame.taken ??= new Set()
  let name = clean
  for (let n = 2; frame.taken.has(name); n++) name = `${clean}#${n}`
  frame.taken.add(name)
  return name
}

/** `{ name: 'Authorization', value: '…' }`: headers and variables as lists of pairs. */
function isNamedSecret(node: object, redactor: Redactor): boolean {
  for (const key of ['name', 'key', 'header', 'field']) {
    const name = readProperty(node, key)
    if (typeof name === 'string' && redactor.isSecretKey(name)) return true
  }
  return false
}

/** Images, sound and other binary content: no rule can look into them, so they stay behind. */
function binaryMark(node: object, key: string, text: string): string | undefined {
  if (key !== 'data' && key !== 'blob') return undefined
  const type = readProperty(node, 'type')
  const isMedia = key === 'data' && (type === 'image' || type === 'audio')
  if (!isMedia && !(key === 'blob' && typeof readProperty(node, 'uri') === 'string')) return undefined
  const mimeType = readProperty(node, 'mimeType')
  const known = typeof mimeType === 'string' && /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/.test(mimeType)
  return `[${known ? mimeType : 'binary'}: ${text.length} base64 characters]`
}
