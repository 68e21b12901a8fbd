import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { readSpans } from './otlp-messages.js'
import type { ReceivedSpan } from './otlp-messages.js'

/** How a sink answers: with a status, after a while, or never. */
export type Behaviour = { readonly status: number } | { readonly delayMillis: number } | 'hang'

/** A real OTLP/HTTP endpoint on loopback that keeps what it accepts. */
export interface OtlpSink {
  /** Base URL, without `/v1/traces`. */
  readonly url: string
  /** What was answered with 200, in the order of arrival. */
  readonly spans: readonly ReceivedSpan[]
  readonly requests: number
  /** Resolves when `enough` says so of the spans; rejects after the deadline, saying what there is. */
  until(enough: (spans: readonly ReceivedSpan[]) => boolean, deadlineMillis?: number): Promise<readonly ReceivedSpan[]>
  close(): Promise<void>
}

export async function startSink(behaviour: Behaviour = { status: 200 }): Promise<OtlpSink> {
  const spans: ReceivedSpan[] = []
  const sockets = new Set<Socket>()
  let requests = 0
  const answers = new EventEmitter()

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests += 1
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    if (behaviour === 'hang') return
    if ('delayMillis' in behaviour) await new Promise((resolve) => setTimeout(resolve, behaviour.delayMillis))
    const status = 'status' in behaviour ? behaviour.status : 200
    // Metrics and logs are taken and forgotten.
    if (status === 200 && request.url?.endsWith('/v1/traces')) {
      const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
      spans.push(...readSpans(plain, request.headers['content-type'] ?? ''))
    }
    response.writeHead(status).end()
    answers.emit('answer')
  }

  const server = createServer((request, response) => {
    // A client that went away in the middle is part of what the tests are about.
    receive(request, response).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    get requests() {
      return requests
    },
    async until(enough, deadlineMillis = 10_000) {
      const late = new Promise<never>((_, reject) => {
        const complain = (): void =>
          reject(
            new Error(`not within ${deadlineMillis} ms; there is ${JSON.stringify(spans.map(({ name }) => name))}`),
          )
        setTimeout(complain, deadlineMillis).unref()
      })
      while (!enough(spans)) await Promise.race([once(answers, 'answer'), late])
      return spans
    },
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
