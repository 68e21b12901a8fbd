import { diag } from '@opentelemetry/api'

const failures = new Map<string, number>()

/** One message of a strange peer is no reason to be blind from then on; this many are. */
const PATIENCE = 3

/**
 * Runs one hook of ours so that it can never harm the host: when it throws again and again, it is
 * off from then on and one line of diagnostics says so. Gives `undefined` when it is off or failed.
 */
export function guarded<T>(hook: string, run: () => T): T | undefined {
  const before = failures.size > 0 ? (failures.get(hook) ?? 0) : 0
  if (before >= PATIENCE) return undefined
  try {
    return run()
  } catch (error) {
    failures.set(hook, before + 1)
    if (before + 1 === PATIENCE) {
      diag.error(`@mcpcat/instrumentation-mcp: the hook "${hook}" keeps failing and is off from now on`, error)
    }
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
