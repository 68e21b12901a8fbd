import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const binaries = join(root, 'node_modules', '.bin')

/**
 * The Node that tooling and collector run on: the npm package `node`, whatever the machine has. The
 * executable itself: the shell script in `.bin` would stand between a signal and its process.
 */
export const node24 = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** The environment of every child: the workspace's own tools first, Node 24 among them. */
export const environment = {
  ...process.env,
  PATH: [dirname(node24), binaries, process.env.PATH].join(delimiter),
}

/** Runs a command with its output kept; rejects with the output when it fails. */
export async function quietly(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'], ...options })
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  const [code, signal] = await Promise.race([once(child, 'close'), failure(child)])
  if (code !== 0) {
    throw Object.assign(new Error(`${command} ${args.join(' ')} ended with ${signal ?? code}`), { output })
  }
  return output
}

/** Runs a command on this terminal and answers its exit code. */
export async function inherit(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, env: environment, stdio: 'inherit', ...options })
  const [code] = await Promise.race([once(child, 'close'), failure(child)])
  return code ?? 1
}

async function failure(child) {
  const [error] = await once(child, 'error')
  throw error
}
