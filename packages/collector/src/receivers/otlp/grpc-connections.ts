import type { Http2Session } from 'node:http2'
import type { Server, Socket } from 'node:net'

/** As otelcol: what is wrong with a client is seen soon, and idle connections are cheap. */
const KEEPALIVE_MS = 120_000
const KEEPALIVE_TIMEOUT_MS = 20_000

/**
 * Keeps the connections of an HTTP/2 server alive and notices dead ones.
 *
 * @returns Stops the server: calls under way may end, for at most `graceMs`.
 */
export function trackConnections(server: Server): (graceMs: number) => Promise<void> {
  const sockets = new Set<Socket>()
  const sessions = new Set<Http2Session>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('session', (session: Http2Session) => {
    sessions.add(session)
    const keepalive = setInterval(() => keepAlive(session), KEEPALIVE_MS).unref()
    session.once('close', () => {
      clearInterval(keepalive)
      sessions.delete(session)
    })
  })
  return async (graceMs) => {
    if (!server.listening) return
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
    for (const session of sessions) session.close()
    const cut = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, graceMs)
    await closed
    clearTimeout(cut)
  }
}

function keepAlive(session: Http2Session): void {
  if (session.destroyed) return
  const dead = setTimeout(() => session.destroy(), KEEPALIVE_TIMEOUT_MS).unref()
  if (!session.ping(() => clearTimeout(dead))) clearTimeout(dead)
}
