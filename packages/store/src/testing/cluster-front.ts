import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { ClickHouseServer } from './clickhouse-server.js'

/**
 * Stands in for the queue of distributed DDL, which needs a Keeper: a statement ON CLUSTER is run on
 * every node, one after the other. Everything else goes to the first node as it came.
 */
export async function clusterFront(
  nodes: readonly ClickHouseServer[],
): Promise<{ url: string; statements: string[]; close: () => Promise<void> }> {
  /** Those ON CLUSTER, as they came. */
  const statements: string[] = []
  async function answer(request: IncomingMessage): Promise<{ status: number; headers: Headers; body: Buffer }> {
    const body = await buffer(request)
    const onCluster = / ON CLUSTER 'test'/
    const everywhere = onCluster.test(body.subarray(0, 1000).toString())
    if (everywhere) statements.push(body.toString())
    let last: { status: number; headers: Headers; body: Buffer } | undefined
    for (const { url } of everywhere ? nodes : nodes.slice(0, 1)) {
      const response = await fetch(`${url}${request.url ?? '/'}`, {
        method: request.method ?? 'GET',
        headers: forwarded(request),
        ...(request.method === 'POST' ? { body: everywhere ? body.toString().replace(onCluster, '') : body } : {}),
      })
      last = { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) }
      if (!response.ok) break
    }
    if (!last) throw new Error('a cluster of no nodes')
    return last
  }
  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { status, headers, body } = await answer(request)
      const code = headers.get('x-clickhouse-exception-code')
      response.writeHead(status, code === null ? {} : { 'x-clickhouse-exception-code': code }).end(body)
    } catch {
      // As a node that goes away in the middle.
      response.destroy()
    }
  }
  const server = createServer((request, response) => void pass(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    statements,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function forwarded({ headers }: IncomingMessage): Record<string, string> {
  const names = ['authorization', 'content-type']
  return Object.fromEntries(names.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])))
}
