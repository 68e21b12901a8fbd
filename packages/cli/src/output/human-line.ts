interface LogRecord {
  level: number
  time: number
  msg?: string
  component?: string
  err?: { message: string }
}

const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warning', 50: 'error', 60: 'fatal' }

/** One of pino's JSON lines as a person reads it: `12:01:02 warning receiver/otlp: message: cause`. */
export function humanLine(json: string): string {
  const record = JSON.parse(json) as LogRecord
  const time = new Date(record.time).toTimeString().slice(0, 8)
  const parts = [record.component, record.msg, record.err?.message].filter((part) => part !== undefined)
  return `${time} ${LEVELS[record.level] ?? record.level} ${parts.join(': ')}\n`
}
