import type { Writable } from 'node:stream'

const WIDTH = 30
const LINES = 10

/**
 * Shows how far something is: a bar that moves on a terminal, a line every tenth elsewhere.
 *
 * @param noun what is counted, for example `rows`.
 */
export function progressBar(
  out: Writable & { isTTY?: boolean },
  noun: string,
  now: () => number = Date.now,
): (done: number, total: number) => void {
  const begun = now()
  let tenth = 0
  return (done, total) => {
    const part = total === 0 ? 1 : Math.min(done / total, 1)
    const counts = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${noun}`
    if (out.isTTY) {
      const filled = Math.round(part * WIDTH)
      const left = part === 0 || part === 1 ? '' : `, ${remaining(((now() - begun) * (1 - part)) / part)} left`
      const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`
      out.write(`\r\u001b[K${bar} ${Math.floor(part * 100)} %, ${counts}${left}${part === 1 ? '\n' : ''}`)
      return
    }
    const reached = Math.floor(part * LINES)
    if (reached <= tenth) return
    tenth = reached
    out.write(`${Math.floor(part * 100)} %, ${counts}\n`)
  }
}

function remaining(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000)
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}
