import { diag, type DiagLogFunction } from '@opentelemetry/api'

/** OpenTelemetry's diagnostics, without the risk that a logger of the host's throws into what we do. Never stdout. */
export const diagnostics: Record<'error' | 'warn' | 'debug', DiagLogFunction> = {
  error: (message, ...details) => quietly(() => diag.error(message, ...details)),
  warn: (message, ...details) => quietly(() => diag.warn(message, ...details)),
  debug: (message, ...details) => quietly(() => diag.debug(message, ...details)),
}

function quietly(log: () => void): void {
  try {
    log()
  } catch {
    // There is nobody left to tell.
  }
}
