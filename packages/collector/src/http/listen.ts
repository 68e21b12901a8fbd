import type { Server as HttpServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { formatHostPort, type HostPort } from '../config/values.js'
import { UserError } from '../errors.js'

/**
 * Listens, and says in one line what to change when it cannot.
 *
 * @param setting The config path of the endpoint, for example `receivers.otlp.protocols.http.endpoint`.
 * @returns Where it listens, with the port that the system chose for port 0.
 * @throws UserError when the port is in use, or the address is not to be had.
 */
export function listen(server: Server, endpoint: HostPort, setting: string): Promise<HostPort> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(listenError(error, endpoint, setting))
    server.once('error', refuse)
    server.listen({ port: endpoint.port, ...(endpoint.host && { host: endpoint.host }) }, () => {
      server.off('error', refuse)
      const { port } = server.address() as AddressInfo
      resolve({ host: endpoint.host || '0.0.0.0', port })
    })
  })
}

function listenError(cause: NodeJS.ErrnoException, endpoint: HostPort, setting: string): Error {
  const reason = REASONS[cause.code ?? '']?.(endpoint, setting)
  return reason === undefined ? cause : new UserError(`${setting}: ${reason}`, { cause })
}

const REASONS: Readonly<Record<string, (endpoint: HostPort, setting: string) => string>> = {
  EADDRINUSE: (endpoint, setting) =>
    `port ${endpoint.port} on ${endpoint.host || 'this machine'} is in use; stop what listens there, ` +
    `or choose another with --set ${setting}=${formatHostPort({ ...endpoint, port: endpoint.port + 1 })}`,
  EACCES: ({ port }) => `not allowed to listen on port ${port}; choose one above 1023`,
  EADDRNOTAVAIL: ({ host }) => `this machine has no address ${host}`,
  ENOTFOUND: ({ host }) => `this machine has no address ${host}`,
}

/** Stops listening and waits for requests under way, at most `graceMs`; then cuts what is left. */
export async function closeServer(server: Server, graceMs = 5000): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  if (!('closeAllConnections' in server)) return closed
  const http = server as HttpServer
  http.closeIdleConnections()
  // A connection whose last answer goes out now falls idle later, and would stay for its keep-alive.
  const sweep = setInterval(() => http.closeIdleConnections(), 50)
  const cut = setTimeout(() => http.closeAllConnections(), graceMs)
  await closed
  clearInterval(sweep)
  clearTimeout(cut)
}
