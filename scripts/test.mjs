// npm test [-- vitest arguments]: installs, builds, and runs every test of the repository.
import { chromium } from './lib/chromium.mjs'
import { environment, inherit } from './lib/run.mjs'
import { built } from './lib/workspace.mjs'

await built()
const env = { ...environment, CHROMIUM_PATH: await chromium() }
process.exitCode = await inherit('vitest', ['run', ...process.argv.slice(2)], { env })
