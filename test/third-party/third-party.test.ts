// The servers that are dependencies of the workspace anyway. All of them: `npm run test:third-party`.
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { probe } from './probe.js'
import { thirdPartyServers } from './servers.js'

const require = createRequire(import.meta.url)
const installed = new Set(['@modelcontextprotocol/server-everything', '@modelcontextprotocol/server-filesystem'])

describe('a server of others, started with --require @mcpcat/register', () => {
  it.each(thirdPartyServers.filter((server) => installed.has(server.package)))('$package', async (server) => {
    const manifest = require.resolve(`${server.package}/package.json`)
    const modules = manifest.slice(0, -`${server.package}/package.json`.length)
    const { faults, tools, asking } = await probe(server, modules)
    expect(faults).toEqual([])
    expect(asking).toBe(tools)
  })
})
