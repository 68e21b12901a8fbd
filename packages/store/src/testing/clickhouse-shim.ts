import type { IncomingMessage, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Engine, Parameter, Parameters } from '../engine.js'

/**
 * As much of ClickHouse's HTTP interface as the official client uses, in front of an embedded
 * engine: the queries, the data and the answers are the engine's own, the protocol is real HTTP.
 */
export async function clickHouseShim(engine: Engine): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    answer(engine, request).then(
      (body) => response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(body),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error)
        response.writeHead(500, { 'x-clickhouse-exception-code': /Code: (\d+)/.exec(message)?.[1] ?? '0' }).end(message)
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) }
}

async function answer(engine: Engine, request: IncomingMessage): Promise<string> {
  const url = new URL(request.url ?? '/', 'http://shim')
  const body = await text(request)
  if (url.pathname === '/ping') return 'Ok.\n'
  const inUrl = url.searchParams.get('query')
  const statement = inUrl ?? body
  const parameters = parametersOf(statement, url.searchParams)
  const insert = /^INSERT INTO (\w+) FORMAT JSONEachRow$/.exec(statement)
  if (insert && inUrl !== null) {
    await engine.insert(insert[1] ?? '', body, url.searchParams.get('insert_deduplication_token') ?? undefined)
    return ''
  }
  if (!/FORMAT JSONEachRow\s*$/i.test(statement)) {
    await engine.command(statement, parameters)
    return ''
  }
  const rows = await engine.query<unknown>(statement.replace(/FORMAT JSONEachRow\s*$/i, ''), parameters)
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** The typed values behind `param_…`, whose text the server would parse by the placeholder's type. */
function parametersOf(statement: string, search: URLSearchParams): Parameters {
  const parameters: Record<string, Parameter> = {}
  for (const [, name = '', type = ''] of statement.matchAll(/\{(\w+):([\w()]+)\}/g)) {
    const value = search.get(`param_${name}`)
    if (value === null) throw new Error(`Code: 456. DB::Exception: Substitution \`${name}\` is not set`)
    parameters[name] = type.startsWith('Array') ? arrayOf(value, type) : scalarOf(unescaped(value), type)
  }
  return parameters
}

function arrayOf(value: string, type: string): Parameter[] {
  const element = type.slice('Array('.length, -1)
  const elements = value.slice(1, -1).matchAll(/'((?:[^'\\]|\\.)*)'|([^,']+)/gs)
  return Array.from(elements, ([, quoted, plain]) =>
    scalarOf(quoted === undefined ? (plain ?? '') : unescaped(quoted), element),
  )
}

function scalarOf(value: string, type: string): Parameter {
  if (type === 'String') return value
  if (type === 'Bool') return value === '1' || value.toLowerCase() === 'true'
  return BigInt(value)
}

function unescaped(value: string): string {
  const characters: Record<string, string> = { t: '\t', n: '\n', r: '\r' }
  return value.replaceAll(/\\(.)/gs, (_, character: string) => characters[character] ?? character)
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
