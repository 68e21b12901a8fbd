// npm run bench:<name> [-- arguments]: builds, then runs one benchmark on Node 24.
import { join } from 'node:path'
import { inherit, node24, root } from './lib/run.mjs'
import { built } from './lib/workspace.mjs'

const [benchmark, ...rest] = process.argv.slice(2)
await built()
process.exitCode = await inherit(node24, ['--expose-gc', join(root, 'bench', benchmark), ...rest])
