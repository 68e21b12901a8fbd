import { readFile } from 'node:fs/promises'

/**
 * When a process started, in clock ticks since boot: a pid alone may be another process by now. Null
 * for a process that is not there, and where there is no `/proc` to ask.
 */
export async function processStart(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    // No such process, or no /proc.
    return null
  }
}
