import { writeSync } from 'node:fs'

/**
 * Writes one line to stderr, at once: stdout belongs to the MCP server, and `process.stderr` may be
 * the host's own stream by now.
 */
export function tell(line: string): void {
  try {
    writeSync(2, `mcpcat: ${line}\n`)
  } catch {
    // A closed or full stderr is the host's business; there is nowhere else to say so.
  }
}
