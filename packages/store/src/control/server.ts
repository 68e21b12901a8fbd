import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { RetryableError, UserError } from '@mcpcat/collector'
import type { Progress, StoreOperations } from '../operations/store-operations.js'
import type { ReadLimits } from '../read-only.js'
import { linesOf, writeLine } from './lines.js'
import type { Ask } from './protocol.js'
import { CONTROL_VERSION, MOST_REQUEST_BYTES, requestSchema } from './protocol.js'

/** What the command line may ask of an open store. */
export interface Controlled {
  readonly operations: StoreOperations
  read(statement: string, format: string, limits?: ReadLimits): Promise<string>
}

export interface ControlServer {
  /** Where it listens: a Unix domain socket, or a named pipe on Windows. */
  readonly address: string
  close(): Promise<void>
}

const MIB = 1024 * 1024

/** A person's statement runs beside what is written and read, on the same processors and in the same memory. */
const LIMITS: ReadLimits = { maxSeconds: 10, maxResultBytes: 64 * MIB, maxMemoryBytes: 1024 * MIB }
const REQUEST_TIMEOUT_MS = 10_000
const MOST_CONNECTIONS = 16
const OUTPUT_CHUNK = 64 * 1024

/** Listens in the data folder, for this user alone. */
export async function serveControl(
  path: string,
  store: Controlled,
  onError: (error: unknown) => void,
): Promise<ControlServer> {
  const { address, folder } = await controlAddress(path)
  let busy: string | undefined
  const connections = new Set<Socket>()
  const server = createServer((socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
    // Whoever asked went away: nobody is left to tell.
    socket.on('error', () => socket.destroy())
    answer(socket).catch(onError)
  })
  server.maxConnections = MOST_CONNECTIONS
  await listening(server, address)
  if (folder !== undefined) await chmod(address, 0o600)

  async function answer(socket: Socket): Promise<void> {
    try {
      const ask = await readAsk(socket)
      const progress: Progress = (done, total) => void writeLine(socket, { progress: [done, total] })
      const result = await run(ask, socket, progress)
      await writeLine(socket, { result: result ?? null })
    } catch (error) {
      if (!(error instanceof UserError || error instanceof RetryableError)) onError(error)
      await writeLine(socket, { error: error instanceof Error ? error.message : String(error) })
    } finally {
      socket.end()
    }
  }

  async function run(ask: Ask, socket: Socket, progress: Progress): Promise<unknown> {
    if (ask.operation === 'sql') {
      const [statement, format] = ask.parameters
      const text = await store.read(statement, format, LIMITS)
      for (let start = 0; start < text.length; start += OUTPUT_CHUNK) {
        await writeLine(socket, { output: text.slice(start, start + OUTPUT_CHUNK) })
      }
      return null
    }
    if (busy !== undefined) throw new UserError(`the collector is busy with ${busy}: try again when that is done`)
    busy = ask.operation
    try {
      return await operate(store.operations, ask, progress)
    } finally {
      busy = undefined
    }
  }

  return {
    address,
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()))
      for (const socket of connections) socket.destroy()
      await closed
      if (folder !== undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}

async function operate(
  operations: StoreOperations,
  ask: Exclude<Ask, { operation: 'sql' }>,
  progress: Progress,
): Promise<unknown> {
  switch (ask.operation) {
    case 'verify':
      return await operations.verify()
    case 'reconcile':
      return await operations.reconcile(progress)
    case 'backup':
      return await operations.backup(...ask.parameters)
    case 'mergeBackup':
      return await operations.mergeBackup(...ask.parameters, progress)
    case 'importProject':
      return await operations.importProject(...ask.parameters, progress)
    case 'exportProject':
      return await operations.exportProject(...ask.parameters)
    case 'deleteUser':
      return await operations.deleteUser(...ask.parameters)
  }
}

async function readAsk(socket: Socket): Promise<Ask> {
  socket.setTimeout(REQUEST_TIMEOUT_MS, () => socket.destroy())
  // Not `for await` over all lines: that would end the socket with the first one.
  const { value: line } = await linesOf(socket, MOST_REQUEST_BYTES).next()
  socket.setTimeout(0)
  return parseAsk(line ?? '')
}

function parseAsk(line: string): Ask {
  const request = jsonOf(line)
  if ((request as { version?: unknown } | null)?.version !== CONTROL_VERSION) {
    throw new UserError('the running collector is of another version than this command: use the same, or stop it first')
  }
  const parsed = requestSchema.safeParse(request)
  if (!parsed.success) throw new UserError('the running collector does not know this request')
  return parsed.data.ask
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

/** Paths of sockets are short everywhere (about 100 bytes): in a deep data folder it is one of the system's own. */
const LONGEST_ADDRESS = 100

/** @returns The address, and the folder of its own that it is in. */
async function controlAddress(path: string): Promise<{ address: string; folder: string | undefined }> {
  if (process.platform === 'win32') {
    const name = createHash('sha256').update(resolve(path).toLowerCase()).digest('hex').slice(0, 32)
    return { address: `\\\\.\\pipe\\mcpcat-${name}`, folder: undefined }
  }
  const beside = join(resolve(path), 'control')
  await rm(beside, { recursive: true, force: true })
  const tooLong = Buffer.byteLength(join(beside, 'socket')) > LONGEST_ADDRESS
  const folder = tooLong ? await mkdtemp(join(tmpdir(), 'mcpcat-control-')) : beside
  // Closed to others before there is anything in it.
  if (!tooLong) await mkdir(folder, { mode: 0o700 })
  return { address: join(folder, 'socket'), folder }
}

async function listening(server: Server, address: string): Promise<void> {
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(address, () => {
      server.off('error', failed)
      done()
    })
  })
}
