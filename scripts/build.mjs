// npm run build: installs what is missing and builds every package and the dashboard.
import { built } from './lib/workspace.mjs'

await built()
