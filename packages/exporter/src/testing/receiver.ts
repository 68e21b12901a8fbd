import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from './certificate.js'
import { readOtlp, type ReceivedSpan } from './read-otlp.js'

export interface ReceivedRequest {
  url: string
  headers: IncomingMessage['headers']
  /** Uncompressed. */
  body: Buffer
  at: number
}

/** How one request is answered; the request is read to its end before. */
export type Answer = (request: ReceivedRequest, response: ServerResponse, socket: Socket) => void

export const accept: Answer = (_request, response) => response.end()

export function status(code: number, headers: Record<string, string> = {}, body: Uint8Array | string = ''): Answer {
  return (_request, response) => response.writeHead(code, headers).end(body)
}

export const hang: Answer = () => undefined

export const reset: Answer = (_request, _response, socket) => socket.resetAndDestroy()

/** A real receiver on loopback, that answers as its script says: one entry per request, the last one for all further ones. */
export class Receiver {
  readonly requests: ReceivedRequest[] = []
  /** The requests that were answered with 200. */
  readonly accepted: ReceivedRequest[] = []
  readonly sockets: Set<Socket> = new Set<Socket>()
  connections = 0
  script: Answer[]
  readonly #server: Server
  readonly #isTls: boolean

  private constructor(server: Server, script: Answer[], isTls: boolean) {
    this.#server = server
    this.script = script
    this.#isTls = isTls
    server.on('connection', (socket: Socket) => {
      this.connections += 1
      this.sockets.add(socket)
      socket.on('error', () => undefined) // Clients that go away are part of the tests.
      socket.on('close', () => this.sockets.delete(socket))
    })
  }

  static async start(script: Answer[] = [accept], options: { tls?: boolean; port?: number } = {}): Promise<Receiver> {
    const onRequest: RequestListener = (request, response) => receiver.#receive(request, response)
    const server = options.tls
      ? createTlsServer({ cert: TEST_CERTIFICATE, key: TEST_CERTIFICATE_KEY }, onRequest)
      : createServer(onRequest)
    const receiver = new Receiver(server, script, options.tls ?? false)
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
    return receiver
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `${this.#isTls ? 'https' : 'http'}://127.0.0.1:${this.port}`
  }

  /** Spans in accepted requests. */
  spans(): ReceivedSpan[] {
    return this.accepted.flatMap(({ body }) => readOtlp(body))
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks)
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
      const received = { url: request.url ?? '', headers: request.headers, body, at: performance.now() }
      this.requests.push(received)
      const answer = this.script.length > 1 ? this.script.shift() : this.script[0]
      answer?.(received, response, request.socket)
      if (response.writableEnded && response.statusCode >= 200 && response.statusCode < 300)
        this.accepted.push(received)
    })
  }
}

/** Waits until something is so; fails after 20 s, saying what there is. */
export async function until(condition: () => boolean, describe: () => unknown = () => ''): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within 20 s: ${JSON.stringify(describe())}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const receiver = await Receiver.start()
  const { port } = receiver
  await receiver.close()
  return port
}
