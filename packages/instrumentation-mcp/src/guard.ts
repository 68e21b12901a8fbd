import { diag } from '@opentelemetry/api'

const off = new Set<string>()

/**
 * Runs one hook of ours so that it can never harm the host: when it throws, it is off from then on
 * and one line of diagnostics says so. Gives `undefined` when the hook is off or failed.
 */
export function guarded<T>(hook: string, run: () => T): T | undefined {
  if (off.has(hook)) return undefined
  try {
    return run()
  } catch (error) {
    off.add(hook)
    diag.error(`@mcpcat/instrumentation-mcp: the hook "${hook}" failed and is off from now on`, error)
    return undefined
  }
}

const told = new Set<string>()

/** One line of diagnostics per text, for the life of the process. */
export function warnOnce(text: string, error?: unknown): void {
  if (told.has(text) || told.size > 1000) return
  told.add(text)
  if (error === undefined) diag.warn(`@mcpcat/instrumentation-mcp: ${text}`)
  else diag.warn(`@mcpcat/instrumentation-mcp: ${text}`, error)
}
