import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { UserError } from '@mcpcat/collector'
import type { Progress, StoreOperations } from '../operations/store-operations.js'
import type { ProjectReport } from '../operations/verify.js'
import { linesOf, writeLine } from './lines.js'
import type { Ask, ControlLine } from './protocol.js'
import { CONTROL_VERSION } from './protocol.js'

/** What the store of a running collector does when it is asked. */
export interface RemoteStore {
  readonly operations: Omit<StoreOperations, 'applyRetention'>
  read(statement: string, format: string, output: (text: string) => void): Promise<void>
}

const LONGEST_LINE = 1024 * 1024

/** @param address from the data folder's owner. */
export function remoteStore(address: string): RemoteStore {
  const ask = (request: Ask, progress?: Progress): Promise<unknown> =>
    call(address, request, { progress: progress ?? (() => undefined), output: () => undefined })
  return {
    operations: {
      verify: async () => (await ask({ operation: 'verify', parameters: [] })) as ProjectReport[],
      reconcile: async (progress) => void (await ask({ operation: 'reconcile', parameters: [] }, progress)),
      backup: async (name) => (await ask({ operation: 'backup', parameters: [name] })) as string,
      mergeBackup: async (folder, progress) =>
        void (await ask({ operation: 'mergeBackup', parameters: [resolve(folder)] }, progress)),
      exportProject: async (project, file) =>
        void (await ask({ operation: 'exportProject', parameters: [project, resolve(file)] })),
      importProject: async (file, progress) =>
        void (await ask({ operation: 'importProject', parameters: [resolve(file)] }, progress)),
      deleteUser: async (project, user) => void (await ask({ operation: 'deleteUser', parameters: [project, user] })),
    },
    async read(statement, format, output) {
      await call(address, { operation: 'sql', parameters: [statement, format] }, { progress: () => undefined, output })
    },
  }
}

interface Receiver {
  readonly progress: Progress
  readonly output: (text: string) => void
}

/** @throws UserError when the collector refuses, or is gone before it has answered. */
async function call(address: string, ask: Ask, { progress, output }: Receiver): Promise<unknown> {
  const socket = await connected(address)
  try {
    await writeLine(socket, { version: CONTROL_VERSION, ask })
    for await (const text of linesOf(socket, LONGEST_LINE)) {
      const line = JSON.parse(text) as ControlLine
      if ('progress' in line) progress(...line.progress)
      else if ('output' in line) output(line.output)
      else if ('error' in line) throw new UserError(line.error)
      else return line.result
    }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(ENDED, { cause: error })
  } finally {
    socket.destroy()
  }
  throw new UserError(ENDED)
}

const ENDED = 'the running collector ended before it was done: do it again when it runs, or now, without it'

async function connected(address: string): Promise<Socket> {
  const socket = connect(address)
  try {
    await once(socket, 'connect')
  } catch (error) {
    socket.destroy()
    throw new UserError(`the running collector does not answer at ${address}: is it of this user?`, { cause: error })
  }
  return socket
}
