import type { Agent } from 'node:http'
import type { AgentOptions } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { context, diag } from '@opentelemetry/api'
import { ExportResultCode, suppressTracing } from '@opentelemetry/core'
import type { ExportResult } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import type { ExitRequest, ExitTls } from '../exit/exit-request.js'
import { post } from './post.js'
import type { Answer } from './post.js'
import { retryDelay } from './retry-delay.js'
import type { StandardConfig } from './standard-config.js'

const compress = promisify(gzip)

/** How long one batch is tried, in milliseconds. */
const maxAgeMillis = 60_000
/** Batches on their way at most; a further one is dropped, and said so through diag. */
const maxInFlight = 32
/** OTLP specification, "Retryable response codes". */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504])

interface Connection {
  readonly agent: Agent
  readonly headers: Readonly<Record<string, string>>
}

/**
 * OTLP over HTTP to the team's own stack. Unlike OpenTelemetry's exporter it never keeps the process
 * alive by itself, can be told to give up, and can hand over what is still on its way when the
 * process exits at once. It takes a batch over when it is exported, so `BatchSpanProcessor` holds no
 * timer for it.
 */
export class StandardExporter implements SpanExporter {
  readonly #config: StandardConfig
  readonly #connecting: Promise<Connection>
  #connection: Connection | undefined
  readonly #inFlight = new Map<Uint8Array, Promise<void>>()
  #abort = new AbortController()
  /** Aborted while there is no time left to wait between attempts. */
  #hurry = new AbortController()
  /** Collects instead of sending, once the process is exiting. */
  #leftovers: Uint8Array[] | undefined
  #dropped = 0

  constructor(config: StandardConfig) {
    this.#config = config
    this.#connecting = this.#connect()
    // Whoever sends meets the failure again.
    this.#connecting.catch(() => undefined)
  }

  async #connect(): Promise<Connection> {
    const agent = await this.#config.agentFactory(new URL(this.#config.url).protocol)
    return (this.#connection = { agent, headers: await this.#config.headers() })
  }

  export(spans: ReadableSpan[], resultCallback: (result: ExportResult) => void): void {
    resultCallback({ code: ExportResultCode.SUCCESS })
    const body = this.#config.serializer.serializeRequest(spans)
    if (!body) return
    if (this.#leftovers) {
      this.#leftovers.push(body)
      return
    }
    if (this.#inFlight.size >= maxInFlight) {
      this.#dropped += spans.length
      diag.warn(`mcpcat: ${this.#config.url} does not keep up; ${this.#dropped} spans dropped so far`)
      return
    }
    const delivery = context
      .with(suppressTracing(context.active()), () => this.#deliver(body))
      .catch((error: unknown) =>
        diag.error(`mcpcat: ${spans.length} spans not delivered to ${this.#config.url}`, error),
      )
      .finally(() => this.#inFlight.delete(body))
    this.#inFlight.set(body, delivery)
  }

  /** Rejects with the reason when the batch is refused, too old or given up. */
  async #deliver(body: Uint8Array): Promise<void> {
    const { signal } = this.#abort
    const zipped = this.#config.compression === 'gzip'
    const { agent, headers } = await this.#connecting
    const request = {
      url: this.#config.url,
      headers: zipped ? { ...headers, 'content-encoding': 'gzip' } : headers,
      body: zipped ? await compress(body) : body,
    }
    const deadline = performance.now() + maxAgeMillis
    for (let attempt = 0; ; attempt++) {
      let failure: Error
      let retryAfter: string | undefined
      try {
        const answer = await post(request, agent, this.#config.timeoutMillis, signal)
        if (answer.status >= 200 && answer.status < 300) return this.#read(answer)
        failure = new Error(`${this.#config.url} answered ${answer.status}`)
        if (!retryable.has(answer.status)) throw new RefusedError(failure.message)
        retryAfter = answer.retryAfter
      } catch (error) {
        if (signal.aborted || error instanceof RefusedError) throw error
        failure = error as Error
      }
      const delay = retryDelay(attempt, retryAfter)
      if (this.#hurry.signal.aborted || performance.now() + delay > deadline) throw failure
      await wait(delay, AbortSignal.any([signal, this.#hurry.signal]))
    }
  }

  #read(answer: Answer): void {
    if (answer.body.byteLength === 0) return
    try {
      const { partialSuccess } = this.#config.serializer.deserializeResponse(answer.body)
      if (!partialSuccess?.rejectedSpans && !partialSuccess?.errorMessage) return
      diag.warn(`mcpcat: ${this.#config.url} took a batch in part`, partialSuccess)
    } catch (error) {
      diag.debug(`mcpcat: ${this.#config.url} took a batch and did not answer in OTLP`, error)
    }
  }

  /** Resolves when every batch is delivered or given up. */
  async forceFlush(): Promise<void> {
    await Promise.all(this.#inFlight.values())
  }

  /** Gives every batch one more attempt, at once, and resolves when they are made. */
  async finish(): Promise<void> {
    this.#hurry.abort()
    await this.forceFlush()
    this.#hurry = new AbortController()
  }

  async shutdown(): Promise<void> {
    await this.finish()
  }

  /** Gives up on everything that is on its way. */
  abandon(): void {
    this.#abort.abort()
    this.#abort = new AbortController()
  }

  /**
   * What is not answered yet, and what `flushProcessor` makes the processor hand over, as requests for
   * someone else to send. From then on nothing is sent here.
   */
  takeOver(flushProcessor: () => void): ExitRequest[] {
    this.#leftovers = [...this.#inFlight.keys()]
    flushProcessor()
    const connection = this.#connection
    if (!connection) return []
    const tls = pem((connection.agent as { options?: AgentOptions }).options)
    const { headers } = connection
    return this.#leftovers.map((body) => ({ url: this.#config.url, headers, body, tls }))
  }
}

/** Waits, without keeping the process alive, until the time is over or the signal comes. */
async function wait(millis: number, signal: AbortSignal): Promise<void> {
  await pause(millis, undefined, { ref: false, signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

function pem({ ca, cert, key }: AgentOptions = {}): ExitTls {
  const texts = Object.entries({ ca, cert, key }).flatMap(([name, value]) =>
    typeof value === 'string' || Buffer.isBuffer(value) ? [[name, value.toString()]] : [],
  )
  return Object.fromEntries(texts) as ExitTls
}

/** The server does not want the batch, now or later. */
class RefusedError extends Error {}
