// npm run test:third-party [-- name …]: servers and clients from npm, hooked without knowing them. Writes its
// tables to docs/compatibility.md when nothing was left out.
import { join } from 'node:path'
import { cached } from './lib/cache.mjs'
import { table, writeSection } from './lib/compatibility-page.mjs'
import { fail, green, red, step } from './lib/terminal.mjs'
import { built } from './lib/workspace.mjs'

const chosen = process.argv.slice(2)
const isChosen = (name) => chosen.length === 0 || chosen.some((part) => name.includes(part))

await built()
const { thirdPartyServers } = await import('../test/dist/third-party/servers.js')
const { probe } = await import('../test/dist/third-party/probe.js')
const { thirdPartyClients, probeClient } = await import('../test/dist/third-party/clients.js')

const { fastmcpForms, probeFastmcp } = await import('../test/dist/third-party/fastmcp.js')
const { neighbours, probeNeighbour } = await import('../test/dist/third-party/neighbours.js')

const wrong = []
const serverRows = []
for (const server of thirdPartyServers.filter((one) => isChosen(one.package))) {
  const modules = await install(server.package)
  const found = await step(server.package, () => probe(server, modules).catch((error) => broken(error)))
  report(server.package, found.faults)
  serverRows.push([
    `\`${server.package}\``,
    found.version,
    found.tools,
    found.asking,
    found.spans,
    found.otherSpans,
    found.faults.length === 0 ? '✓' : '✗',
  ])
}

const clientRows = []
const everything = join(await install('@modelcontextprotocol/server-everything'), thirdPartyServers[0].file)
for (const client of thirdPartyClients.filter((one) => isChosen(one.package))) {
  const modules = await install(client.package)
  const found = await step(client.package, () =>
    probeClient(client, modules, everything).catch((error) => broken(error)),
  )
  report(client.package, found.faults)
  clientRows.push([
    `\`${client.package}\``,
    found.clientSpans,
    found.serverSpans,
    found.sameTrace ? 'yes' : 'no',
    found.faults.length === 0 ? '✓' : '✗',
  ])
}

for (const form of isChosen('fastmcp') ? fastmcpForms : []) {
  const folder = join(await install('fastmcp'), '..')
  const found = await step(`fastmcp, ${form}`, () => probeFastmcp(folder, form).catch((error) => broken(error)))
  report(`fastmcp, ${form}`, found.faults)
}

const neighbourRows = []
for (const neighbour of neighbours.filter((one) => isChosen(one.packages[0]))) {
  const [name] = neighbour.packages
  const folder = join(await install(...neighbour.packages), '..')
  for (const order of ['before', 'after']) {
    const found = await step(`${name}, we are ${order}`, () =>
      probeNeighbour(neighbour, folder, everything, order).catch((error) => broken(error)),
    )
    report(name, found.faults)
    neighbourRows.push([
      `\`${name}\``,
      `we are ${order} it`,
      found.provider,
      found.delivered,
      found.faults.length === 0 ? '✓' : '✗',
    ])
  }
}

if (chosen.length === 0) {
  const servers = table(
    ['server', 'version', 'tools', 'asking for `context`', 'spans', 'its own spans', ''],
    serverRows,
  )
  const clients = table(['client', 'CLIENT spans', 'SERVER spans', 'one trace', ''], clientRows)
  writeSection('third-party', `${servers}\n\n${clients}`)
  writeSection(
    'neighbours',
    table(['package', 'order', 'TracerProvider', 'calls delivered over OTLP', ''], neighbourRows),
  )
}
const summary = `${serverRows.length} servers, ${clientRows.length} clients, ${neighbourRows.length / 2} neighbours, ${wrong.length} faults`
if (wrong.length > 0) fail(summary, wrong.join('\n'))
process.stdout.write(`${green('✓')} ${summary}\n`)

async function install(...packages) {
  const folder = `third-party/${packages[0].replace('@', '').replace('/', '-')}`
  return join(await cached(folder, packages), 'node_modules')
}

function report(name, faults) {
  wrong.push(...faults.map((fault) => `${red('✗')} ${name}: ${fault}`))
}

/** A server or client that did not get far enough to be looked at. */
function broken(error) {
  return {
    version: '',
    tools: 0,
    asking: 0,
    spans: 0,
    otherSpans: 0,
    clientSpans: 0,
    serverSpans: 0,
    faults: [String(error)],
  }
}
