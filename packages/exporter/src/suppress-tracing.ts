import { context, createContextKey } from '@opentelemetry/api'

/** The SDK's own key, which the API makes the same for everyone: HTTP instrumentations look at it. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** Runs `task` so that its own requests are not traced. */
export function withoutTracing<T>(task: () => T): T {
  return context.with(context.active().setValue(SUPPRESS_TRACING, true), task)
}
