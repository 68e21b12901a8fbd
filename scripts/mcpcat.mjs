// npm run mcpcat -- <arguments>: the CLI of this checkout.
import { join } from 'node:path'
import { inherit, node24, root } from './lib/run.mjs'
import { built } from './lib/workspace.mjs'

await built()
process.exitCode = await inherit(node24, [join(root, 'packages/cli/bin/mcpcat.js'), ...process.argv.slice(2)])
