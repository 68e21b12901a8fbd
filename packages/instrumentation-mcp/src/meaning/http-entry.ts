import { context } from '@opentelemetry/api'
import { guarded } from '../guard.js'
import type { Runtime } from '../runtime.js'
import { isRecord, type Message, type Named, type UnknownRecord } from '../wire.js'
import { createConnection, type Connection } from './connection.js'
import { answeredElsewhere } from './elsewhere.js'
import { enteredAt, withEntered, type Entered } from './entered.js'
import { meaningOf } from './methods.js'

/**
 * Lets an HTTP entry answer a request; one that it refuses, or answers itself, before any server
 * sees it gets its span here. Method and target are read from the headers that protocol 2026-07-28
 * requires (`Mcp-Method`, `Mcp-Name`); without them there is nothing to name a span by.
 */
export async function throughEntry(
  runtime: Runtime,
  request: Request,
  parsedBody: unknown,
  answer: () => Promise<Response>,
): Promise<Response> {
  const receivedAt = performance.now()
  const entered: Entered = { reached: false }
  const at = withEntered(context.active(), entered)
  const listen = request.headers.get('mcp-method') === 'subscriptions/listen' && parsedBody === undefined
  const body = listen ? guarded('http entry', () => request.clone()) : undefined
  return context.with(at, async () => {
    // Without a context manager it cannot be told what reached a server.
    const followed = enteredAt(context.active()) === entered
    const response = await answer()
    if (!followed || entered.reached) return response
    const copy = guarded('http entry', () => (isJson(response) ? response.clone() : undefined))
    const told = async (): Promise<void> => {
      const given = parsedBody ?? (await body?.json())
      tell(runtime, request, given, receivedAt, copy ? await copy.json() : undefined)
    }
    // A body that is no JSON after all tells nothing.
    void told().catch(() => undefined)
    return response
  })
}

function tell(runtime: Runtime, request: Request, given: unknown, receivedAt: number, answered: unknown): void {
  guarded('http entry', () => {
    const answer: Message = isRecord(answered) ? answered : { method: 'accepted' }
    const message = isRecord(given) && typeof given['method'] === 'string' ? given : namedByHeaders(request, answer)
    if (!message) return
    answeredElsewhere(runtime, entryConnection(), message as Named, receivedAt, answer, { request })
  })
}

function namedByHeaders(request: Request, answer: Message): Named | undefined {
  const method = request.headers.get('mcp-method')
  if (!method) return undefined
  const [param] = meaningOf(method).attribute ?? []
  const name = request.headers.get('mcp-name')
  const params: UnknownRecord = param && name !== null ? { [param]: name } : {}
  return { jsonrpc: '2.0', method, params, ...(answer.id !== undefined && { id: answer.id }) }
}

/** Not a connection, but what every HTTP request has in common. */
let shared: Connection | undefined

function entryConnection(): Connection {
  const transport = { send: () => undefined, handleMessage: () => undefined }
  return (shared ??= createConnection({}, transport, { role: 'server', server: undefined, client: undefined }))
}

function isJson(response: Response): boolean {
  return response.headers.get('content-type')?.includes('application/json') === true
}
