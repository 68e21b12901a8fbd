import type { TextMapPropagator } from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'

/** The names that `OTEL_PROPAGATORS` takes here, besides `none`. */
export const propagators: Readonly<Record<string, () => TextMapPropagator>> = {
  tracecontext: () => new W3CTraceContextPropagator(),
  baggage: () => new W3CBaggagePropagator(),
}

export function composePropagator(names: readonly string[]): TextMapPropagator {
  return new CompositePropagator({ propagators: names.flatMap((name) => propagators[name]?.() ?? []) })
}
