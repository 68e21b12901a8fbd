// SDK v2, stateless, both protocol generations: a server of its own for every request.
import { createServer } from 'node:http'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { register } from './fixture.mjs'

function newServer() {
  const server = new McpServer({ name: 'conformance-v2', version: '1.0.0' }, { capabilities: { logging: {} } })
  register(server, (shape) => z.object(shape))
  return server
}

const http = createServer(toNodeHandler(createMcpHandler(newServer)))
http.listen(0, '127.0.0.1', () => process.stdout.write(`${http.address().port}\n`))
