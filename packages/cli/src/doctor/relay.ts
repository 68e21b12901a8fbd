import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the endpoint took one request: its status, or the code of the network error, such as `ECONNREFUSED`. */
export type RelayedAnswer = { readonly status: number } | { readonly error: string }

/** Stands in front of an endpoint, passes every request on, and remembers how it was answered. */
export interface Relay {
  readonly url: string
  readonly answers: readonly RelayedAnswer[]
  close(): Promise<void>
}

const timeoutMillis = 10_000
/** Belong to one connection, or are made anew. */
const notPassedOn = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding'])

/** @param target The URL of the endpoint for a request's path and query. */
export async function startRelay(target: (path: string) => string): Promise<Relay> {
  const answers: RelayedAnswer[] = []

  async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const headers = Object.entries(request.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !notPassedOn.has(name) ? [[name, value] as [string, string]] : [],
    )
    try {
      const answer = await fetch(target(request.url ?? '/'), {
        method: request.method ?? 'POST',
        headers,
        body: Buffer.concat(chunks),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMillis),
      })
      answers.push({ status: answer.status })
      response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()))
    } catch (error) {
      answers.push({ error: codeOf(error) })
      // As good as no answer: the sender counts a broken connection as such.
      response.destroy()
    }
  }

  const server = createServer((request, response) => {
    passOn(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  if (typeof cause?.code === 'string') return cause.code
  return typeof code === 'string' ? code : String(cause ?? error)
}
