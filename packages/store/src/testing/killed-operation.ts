import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mulberry32 } from './random.js'

/** Rounds of a crash test: few by default, `MCPCAT_CRASH_ROUNDS=50` for a longer look. */
export function crashRounds(fallback: number): number {
  return Number(process.env['MCPCAT_CRASH_ROUNDS'] ?? fallback)
}

/** Random moments, printed so that a failure can be told from its seed: `MCPCAT_CRASH_SEED`. */
export function seededRandom(name: string): () => number {
  const seed = Number(process.env['MCPCAT_CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  process.stdout.write(`${name}: MCPCAT_CRASH_SEED=${seed}\n`)
  return mulberry32(seed)
}

/** Runs what the first argument names, and says before what it begins and after that it is done. */
const script = `
import { openStore, restore } from ${JSON.stringify(new URL('../index.js', import.meta.url).href.replace('/src/', '/dist/'))}
const [operation, path, ...texts] = process.argv.slice(2)
const parameters = texts.map((text) => JSON.parse(text))
const begin = () => process.send('begin')
if (operation === 'open') begin()
if (operation === 'restore') {
  begin()
  await restore(parameters[0], path)
} else {
  const store = await openStore({ engine: 'chdb', path })
  if (operation !== 'open') {
    begin()
    await store.operations[operation](...parameters)
  }
  process.send('done')
  await store.close()
}
process.exit(0)
`

export interface KillableOperation {
  /** Begins it in a process of its own, and ends that one at a random moment. True when it was done by then. */
  runAndKill(operation: string, path: string, ...parameters: unknown[]): Promise<boolean>
}

/**
 * @param folder for the script.
 * @param spanMs kills fall within this time after the operation has begun.
 */
export async function killableOperations(
  folder: string,
  random: () => number,
  spanMs: number,
): Promise<KillableOperation> {
  const file = join(folder, 'operation.mjs')
  await writeFile(file, script)
  return {
    async runAndKill(operation, path, ...parameters) {
      const child = fork(file, [operation, path, ...parameters.map((each) => JSON.stringify(each))], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      const exited = once(child, 'exit')
      let done = false
      child.on('message', (message) => (done ||= message === 'done'))
      await begun(child, exited)
      // Not a wait for something to have happened: the moment of the kill is meant to be arbitrary.
      await new Promise((resolve) => setTimeout(resolve, random() * spanMs))
      child.kill('SIGKILL')
      await exited
      return done
    },
  }
}

async function begun(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  await Promise.race([
    once(child, 'message'),
    exited.then(() => {
      throw new Error('the process ended before it began its operation')
    }),
  ])
}
