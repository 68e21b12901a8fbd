import { z } from 'zod'

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}
const DURATION = /^(\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/

/** A Go duration (`200ms`, `1m30s`), as otelcol writes them; becomes milliseconds. */
export function duration(fallback: string): z.ZodPipe<z.ZodDefault<z.ZodString>, z.ZodTransform<number, string>> {
  return z
    .string()
    .regex(DURATION, 'expected a duration such as 200ms, 5s or 1m30s')
    .default(fallback)
    .transform((text) => {
      let total = 0
      for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g))
        total += Number(count) * UNITS[unit!]!
      return total
    })
}

/** `host:port`; port 0 lets the system choose. */
export function hostPort(fallback?: string): z.ZodType<HostPort> {
  const written = z
    .string()
    .regex(/^(\[[0-9a-fA-F:.]+\]|[^:\s]*):\d{1,5}$/, 'expected host:port, for example 127.0.0.1:4318')
  return (fallback === undefined ? written : written.default(fallback))
    .transform(parseHostPort)
    .refine(({ port }) => port <= 65_535, 'the port must be at most 65535')
}

function parseHostPort(text: string): HostPort {
  const colon = text.lastIndexOf(':')
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) }
}

export interface HostPort {
  /** A name or address without brackets; empty means every interface. */
  readonly host: string
  readonly port: number
}

export function isLoopback({ host }: HostPort): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

export function formatHostPort({ host, port }: HostPort): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
