import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection on which anything at all can be said, right or wrong. */
export interface RawConnection {
  readonly socket: Socket
  write(bytes: string | Uint8Array): void
  /** The statuses of the answers so far, once there are so many or the other side has ended. */
  statuses(count: number): Promise<number[]>
  /** All that was received. */
  text(): string
  /** Resolves when the other side has closed. */
  readonly closed: Promise<unknown>
}

export async function connectRaw(url: string): Promise<RawConnection> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const closed = once(socket, 'close')
  let received = ''
  let heard: (() => void) | undefined
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1')
    heard?.()
  })
  const found = (): number[] => Array.from(received.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status))
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    async statuses(count) {
      while (found().length < count && !socket.closed)
        await Promise.race([closed, new Promise<void>((resolve) => (heard = resolve))])
      return found()
    },
    text: () => received,
    closed,
  }
}

/** One HTTP request, as bytes. */
export function rawRequest(
  headers: Readonly<Record<string, string | number>>,
  body: Uint8Array = Buffer.alloc(0),
): Buffer {
  const lines = Object.entries({ Host: 'x', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`POST /v1/traces HTTP/1.1\r\n${lines.join('')}\r\n`), body])
}
