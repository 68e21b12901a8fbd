/** `640 µs`, `84 ms`, `1.24 s`, `3m 05s`, `2h 14m`, `1d 4h`. */
export function formatDuration(ms: number): string {
  if (ms < 0.9995) return `${Math.max(0, Math.round(ms * 1000))} µs`
  if (ms < 9.995) return `${ms.toFixed(1)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${pad(seconds % 60)}s`
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${pad(minutes % 60)}m`
  const hours = Math.round(ms / 3_600_000)
  return `${Math.floor(hours / 24)}d ${hours % 24}h`
}

/** Time since the start of a session: `0:04.2`, `12:30.0`, `1:02:09`. */
export function formatOffset(ms: number): string {
  const tenths = Math.max(0, Math.floor(ms / 100))
  const seconds = Math.floor(tenths / 10)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  if (hours > 0) return `${hours}:${pad(minutes)}:${pad(seconds % 60)}`
  return `${minutes}:${pad(seconds % 60)}.${tenths % 10}`
}

/** How long before `now`: `just now`, `42 s ago`, `3 min ago`, `5 h ago`, `2 d ago`. */
export function formatAgo(iso: string, now: number): string {
  const seconds = Math.floor((now - Date.parse(iso)) / 1000)
  if (seconds < 5) return 'just now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`
  return `${Math.floor(seconds / 86_400)} d ago`
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const DAY_AND_CLOCK = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const ABSOLUTE = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'full',
  timeStyle: 'long',
})

/** `14:02` today, `Nov 20, 14:02` before that; in the reader's time zone. */
export function formatClock(iso: string, now: number): string {
  const date = new Date(iso)
  return (date.toDateString() === new Date(now).toDateString() ? CLOCK : DAY_AND_CLOCK).format(date)
}

/** The whole date with its time zone, and the source's own text. */
export function formatAbsolute(iso: string): string {
  return `${ABSOLUTE.format(new Date(iso))}\n${iso}`
}

/** `0 B`, `512 B`, `1.4 kB`, `2.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** `1 call`, `3 calls`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString()} ${noun}${number === 1 ? '' : 's'}`
}

function pad(number: number): string {
  return String(number).padStart(2, '0')
}
