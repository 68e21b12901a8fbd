import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { ATTR_MCPCAT_PROJECT_ID, ATTR_MCPCAT_SDK_LANGUAGE, ATTR_MCPCAT_SDK_VERSION } from '@mcpcat/semconv'
import { context, createContextKey } from '@opentelemetry/api'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { ExportResultLike, ReadableSpanLike, ResourceLike, SpanExporterLike } from './span-types.js'
import { SDK_VERSION } from './version.js'

export interface McpcatSpanExporterOptions {
  /** Base URL of an MCPcat collector; spans go to `${endpoint}/v1/traces`. */
  endpoint: string
  /** Sent as resource attribute `mcpcat.project.id`. */
  projectId?: string
  /** Sent as `Authorization: Bearer …`. */
  apiKey?: string
  headers?: Record<string, string>
}

const compress = promisify(gzip)
const suppressTracing = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING')

/** Sends spans to an MCPcat collector over OTLP/HTTP (protobuf, gzip). */
export class McpcatSpanExporter implements SpanExporterLike {
  readonly #url: URL
  readonly #headers: Record<string, string>
  readonly #projectId: string | undefined
  readonly #resources = new WeakMap<ResourceLike, ResourceLike>()

  constructor(options: McpcatSpanExporterOptions) {
    this.#url = new URL(`${options.endpoint.replace(/\/+$/, '')}/v1/traces`)
    this.#projectId = options.projectId
    this.#headers = {
      ...(options.apiKey ? { authorization: `Bearer ${options.apiKey}` } : {}),
      ...options.headers,
    }
  }

  export(spans: ReadableSpanLike[], resultCallback: (result: ExportResultLike) => void): void {
    this.#send(spans).then(
      () => resultCallback({ code: 0 }),
      (error: unknown) => resultCallback({ code: 1, error: error instanceof Error ? error : new Error(String(error)) }),
    )
  }

  async #send(spans: ReadableSpanLike[]): Promise<void> {
    const branded = spans.map((span) => ({ ...span, resource: this.#brand(span.resource) }))
    const body = await compress(ProtobufTraceSerializer.serializeRequest(branded as never) ?? new Uint8Array())
    await context.with(context.active().setValue(suppressTracing, true), () => this.#post(body))
  }

  #post(body: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const send = this.#url.protocol === 'https:' ? httpsRequest : httpRequest
      const headers = {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'gzip',
        'content-length': body.length,
        ...this.#headers,
      }
      const request = send(this.#url, { method: 'POST', headers, timeout: 10_000 }, (response) => {
        response.resume()
        response.on('error', reject)
        response.on('end', () => {
          const status = response.statusCode ?? 0
          if (status >= 200 && status < 300) resolve()
          else reject(new Error(`${this.#url.host} answered ${status}`))
        })
      })
      request.on('timeout', () => request.destroy(new Error(`${this.#url.host} did not answer in time`)))
      request.on('error', reject)
      request.end(body)
    })
  }

  #brand(resource: ResourceLike): ResourceLike {
    let branded = this.#resources.get(resource)
    if (!branded) {
      const attributes = {
        ...resource.attributes,
        [ATTR_MCPCAT_SDK_LANGUAGE]: 'nodejs',
        [ATTR_MCPCAT_SDK_VERSION]: SDK_VERSION,
        ...(this.#projectId ? { [ATTR_MCPCAT_PROJECT_ID]: this.#projectId } : {}),
      }
      branded = { attributes, schemaUrl: resource.schemaUrl }
      this.#resources.set(resource, branded)
    }
    return branded
  }

  async shutdown(): Promise<void> {}
}
