/**
 * The source-text hook: finds the places in a source where an MCP `Protocol` or `McpServer` exists as
 * `this`, and inserts there a call of the global hook with it; and where fastmcp turns what a tool threw
 * into a result, a call of another with what was thrown. Private names and texts of messages survive
 * bundling and ordinary minification, file and module names do not.
 *
 * Every insertion stays on its line, so line numbers and source maps hold, and contains no quotes,
 * so that a source that merely quotes the SDK's text in a string stays valid.
 */

/** What the inserted text calls: `globalThis[protocolHookKey]?.(this)`. */
export const protocolHookKey: symbol = Symbol.for('mcpcat.protocol-hook.v1')

/** What the inserted text calls with an error about to be swallowed: `globalThis[thrownHookKey]?.(this, error)`. */
export const thrownHookKey: symbol = Symbol.for('mcpcat.thrown-hook.v1')

const call = 'globalThis[Symbol.for(/mcpcat.protocol-hook.v1/.source)]?.(this)'
const markers = ['/mcpcat.protocol-hook.v1/.source', '/mcpcat.thrown-hook.v1/.source']

interface InsertionPoint {
  /** Cheap test before the pattern is tried. */
  readonly needle: string
  /** Matches up to where the text goes in. */
  readonly pattern: RegExp
  /** The text, given what the pattern captured. */
  readonly insertion: (captured: string) => string
}

/** An expression in front of an initializer, whose value it leaves as it is. */
const beforeInitializer = (): string => `(${call},0)?0:`

const insertionPoints: readonly InsertionPoint[] = [
  {
    // `this.x = new Map()` in a constructor, `x = new Map()` as a class field.
    needle: '_requestHandlerAbortControllers',
    pattern: /(?:\bthis\.|(?<![\w$.#'"`]))_requestHandlerAbortControllers\s*=(?![=>])/g,
    insertion: beforeInitializer,
  },
  {
    // A class field lowered for old targets: `__publicField(this, "x", new Map())` and its like.
    needle: '_requestHandlerAbortControllers',
    pattern: /\bthis\s*,\s*(['"])_requestHandlerAbortControllers\1\s*,/g,
    insertion: beforeInitializer,
  },
  {
    needle: 'setToolRequestHandlers',
    pattern: /(?<![\w$.#])setToolRequestHandlers\s*\(\s*\)\s*\{/g,
    insertion: () => `${call};`,
  },
  {
    // fastmcp, every version: `catch (error) { if (error instanceof UserError) { return { content: …`, where
    // `this` is the session. Its log messages tell its source from that of others who do alike.
    needle: '[FastMCP ',
    pattern:
      /\bcatch\s*\(\s*([\w$]+)\s*\)\s*\{(?=\s*if\s*\(\s*\1\s+instanceof\s+[\w$.]+\s*\)\s*(?:\{\s*)?return\b\s*(?:[\w$.]+\s*\(\s*)?\{\s*content\s*:)/g,
    insertion: (error) => `globalThis[Symbol.for(/mcpcat.thrown-hook.v1/.source)]?.(this,${error});`,
  },
]

const needles = [...new Set(insertionPoints.map((point) => point.needle))]

/** Source as Node's load hooks hand it over. */
export type ModuleSource = string | ArrayBuffer | NodeJS.TypedArray

/** The source with the calls inserted; undefined when there is nothing to insert. */
export function rewriteSource(source: ModuleSource): string | undefined {
  const searched = typeof source === 'string' ? source : bytes(source)
  if (!needles.some((needle) => searched.includes(needle))) return undefined
  const text = searched.toString()
  if (markers.some((marker) => text.includes(marker))) return undefined
  let rewritten = text
  for (const { needle, pattern, insertion } of insertionPoints) {
    if (!text.includes(needle)) continue
    rewritten = rewritten.replace(pattern, (matched: string, captured: string) => matched + insertion(captured))
  }
  return rewritten === text ? undefined : rewritten
}

function bytes(source: Exclude<ModuleSource, string>): Buffer {
  return source instanceof ArrayBuffer
    ? Buffer.from(source)
    : Buffer.from(source.buffer, source.byteOffset, source.byteLength)
}
