import type { Socket } from 'node:net'

/**
 * The lines that come over a socket, without their ends.
 *
 * @throws RangeError when a line is longer than may be.
 */
export async function* linesOf(socket: Socket, mostBytes: number): AsyncGenerator<string> {
  let pending: Buffer[] = []
  let size = 0
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...pending, chunk.subarray(start, end)]).toString('utf8')
      pending = []
      size = 0
      start = end + 1
    }
    pending.push(chunk.subarray(start))
    size += chunk.length - start
    if (size > mostBytes) throw new RangeError(`a line of more than ${mostBytes} bytes`)
  }
}

/** Waits while the other side reads slower than we write. */
export async function writeLine(socket: Socket, line: object): Promise<void> {
  if (socket.destroyed) return
  if (socket.write(`${JSON.stringify(line)}\n`)) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done)
      socket.off('close', done)
      resolve()
    }
    socket.on('drain', done)
    socket.on('close', done)
  })
}
