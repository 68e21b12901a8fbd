/** JSON-RPC as it passes on the wire: nothing here is trusted to have its type. */
export type RequestId = string | number

export interface Message {
  jsonrpc?: unknown
  id?: RequestId | null
  method?: string
  params?: Params
  result?: unknown
  error?: { code?: unknown; message?: unknown; data?: unknown }
}

/** A request or a notification. */
export type Named = Message & { method: string }

export type Params = Record<string, unknown> & { _meta?: unknown }

export interface Implementation {
  name?: string
  version?: string
  title?: string
}

export type UnknownRecord = Record<string, unknown>

export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function hasRequestId(message: Message): message is Message & { id: RequestId } {
  return typeof message.id === 'string' || typeof message.id === 'number'
}

export function implementationOf(value: unknown): Implementation | undefined {
  if (!isRecord(value)) return undefined
  const name = stringOf(value['name'])
  const version = stringOf(value['version'])
  const title = stringOf(value['title'])
  if (name === undefined && version === undefined) return undefined
  return {
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
    ...(title !== undefined && { title }),
  }
}
