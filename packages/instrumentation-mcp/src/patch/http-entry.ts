import { throughEntry } from '../meaning/http-entry.js'
import { defaultRuntime, hasProcessRuntime } from '../runtime.js'
import { isRecord } from '../wire.js'

/** What `createMcpHandler` of SDK v2 returns, as far as the hook needs it. */
export interface HttpHandler {
  fetch(request: Request, options?: unknown): Promise<Response>
}

const hooked = new WeakSet<object>()

/**
 * Instruments the handler that `createMcpHandler` returns, for what it refuses or answers without
 * any server: unsupported revisions, missing headers, `subscriptions/listen`. Returns the handler.
 * The servers that it makes are instrumented as any other.
 */
export function hookHttpHandler<T extends HttpHandler>(handler: T, always: boolean): T {
  if (hooked.has(handler)) return handler
  hooked.add(handler)
  const fetch = handler.fetch.bind(handler)
  handler.fetch = (...args: Parameters<HttpHandler['fetch']>) => {
    const [request, options] = args
    const answer = (): Promise<Response> => fetch(...args)
    if (!(request instanceof Request) || (!always && !hasProcessRuntime())) return answer()
    const parsedBody = isRecord(options) ? options['parsedBody'] : undefined
    return throughEntry(defaultRuntime(), request, parsedBody, answer)
  }
  return handler
}
