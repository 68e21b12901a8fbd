// npm run format: rewrites every source in the project's format.
import { inherit } from './lib/run.mjs'
import { installed } from './lib/workspace.mjs'

await installed()
process.exitCode = await inherit('oxfmt', ['.'])
