// npm run test:matrix [-- node=20,24 sdk=1.9,2.4]: Node × SDK × module form × loading, each cell a real server
// process with a real client. Writes its table to docs/compatibility.md when nothing was left out.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { cached } from './lib/cache.mjs'
import { table, writeSection } from './lib/compatibility-page.mjs'
import { root } from './lib/run.mjs'
import { fail, green, red, step } from './lib/terminal.mjs'
import { built } from './lib/workspace.mjs'

const nodes = ['20', '22.16', '22.23', '24', '26']
const sdks = [
  { name: 'v1 1.9', packages: ['@modelcontextprotocol/sdk@~1.9.0', 'zod@3'], seesThrownErrors: false },
  { name: 'v1 1.17', packages: ['@modelcontextprotocol/sdk@~1.17.0', 'zod@3'], seesThrownErrors: true },
  { name: 'v1 1.24', packages: ['@modelcontextprotocol/sdk@~1.24.0', 'zod@4'], seesThrownErrors: true },
  { name: 'v1 1.32', packages: ['@modelcontextprotocol/sdk@~1.32.0', 'zod@4'], seesThrownErrors: true },
  { name: 'v2 2.0', packages: ['@modelcontextprotocol/server@~2.0.0', 'zod@4'], seesThrownErrors: true },
  { name: 'v2 2.4', packages: ['@modelcontextprotocol/server@~2.4.0', 'zod@4'], seesThrownErrors: true },
]
const forms = ['ES modules', 'CommonJS', 'ESM bundle', 'CommonJS bundle']

const chosen = Object.fromEntries(process.argv.slice(2).map((argument) => argument.split('=')))
const only = (what, all, nameOf) => all.filter((one) => chosen[what]?.split(',').includes(nameOf(one)) ?? true)

await built()
const { bundle } = await import('../test/dist/matrix/bundle.js')
const { findFaults, loadings, seeBare } = await import('../test/dist/matrix/cell.js')

const rows = []
const faults = []
for (const node of only('node', nodes, (name) => name)) {
  const folder = await step(`Node ${node}`, () => cached(`matrix/node-${node}`, [`node@${node}`]))
  const binary = join(folder, 'node_modules', 'node', 'bin', 'node')
  for (const sdk of only('sdk', sdks, ({ name }) => name.split(' ')[1])) {
    rows.push(await step(`Node ${node}, SDK ${sdk.name}`, () => row(node, binary, sdk)))
  }
}

const summary = `${rows.length * forms.length * loadings.length} cells, ${faults.length} wrong`
if (Object.keys(chosen).length === 0) {
  const legend = `A cell is ${loadings.map((loading) => `\`${loading}\``).join(', ')}, in this order. ${summary}.`
  writeSection('matrix', `${table(['Node', 'MCP SDK', ...forms], rows)}\n\n${legend}`)
}
if (faults.length > 0) fail(summary, faults.join('\n'))
process.stdout.write(`${green('✓')} ${summary}\n`)

async function row(node, binary, sdk) {
  const folder = await cached(`matrix/sdk-${sdk.name.split(' ')[1]}`, sdk.packages)
  const cells = []
  for (const form of forms) {
    const script = await server(folder, sdk, form)
    const bare = await seeBare(binary, script)
    const marks = []
    for (const loading of loadings) {
      const found = await findFaults({ node: binary, script, loading, seesThrownErrors: sdk.seesThrownErrors }, bare)
      marks.push(found.length === 0 ? '✓' : '✗')
      faults.push(...found.map((fault) => `${red('✗')} Node ${node}, SDK ${sdk.name}, ${form}, ${loading}: ${fault}`))
    }
    cells.push(marks.join(' '))
  }
  return [node, sdk.name, ...cells]
}

/** The server as a file beside the SDK that it imports. */
async function server(folder, sdk, form) {
  const [major] = sdk.name.split(' ')
  const name = `${major}.${form === 'CommonJS' ? 'cjs' : 'mjs'}`
  const file = join(folder, name)
  copyFileSync(join(root, 'test', 'matrix', 'servers', name), file)
  if (form === 'ESM bundle') return bundle(file, 'esm', folder)
  if (form === 'CommonJS bundle') return bundle(file, 'cjs', folder)
  return file
}
