import { inspect } from 'node:util'
import { diag, DiagLogLevel } from '@opentelemetry/api'
import type { DiagLogFunction, DiagLogger } from '@opentelemetry/api'
import { tell } from './stderr.js'

const levels: Readonly<Record<string, DiagLogLevel>> = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
}

/** The level that `OTEL_LOG_LEVEL` names; undefined when it names none. */
export function logLevel(name: string): DiagLogLevel | undefined {
  return levels[name.toLowerCase()]
}

/** Sends OpenTelemetry's own messages to stderr; the API's console logger would print to stdout. */
export function logToStderr(level: DiagLogLevel): void {
  const logger: DiagLogger = {
    error: log('error'),
    warn: log('warn'),
    info: log('info'),
    debug: log('debug'),
    verbose: log('verbose'),
  }
  diag.setLogger(logger, { logLevel: level, suppressOverrideMessage: true })
}

function log(level: string): DiagLogFunction {
  return (message, ...details) => {
    const inspected = details.map((detail) => inspect(detail, { breakLength: Infinity }))
    tell([level, message, ...inspected].join(' '))
  }
}
