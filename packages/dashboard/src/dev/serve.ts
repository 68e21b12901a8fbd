/** Serves the dashboard over demo data until Ctrl-C: `node dist/dev/serve.js [port]`, `--empty` for no data. */
import { startPreview } from './preview.js'
import { seedTraces } from './seed.js'

const [, , port = '4320'] = process.argv.filter((argument) => argument !== '--empty')
const preview = await startPreview({ endpoint: `127.0.0.1:${port}` })
if (!process.argv.includes('--empty')) for (const traces of seedTraces(Date.now())) await preview.write(traces)
process.stdout.write(`${preview.url}\n`)
process.once('SIGINT', () => void preview.close())
process.once('SIGTERM', () => void preview.close())
