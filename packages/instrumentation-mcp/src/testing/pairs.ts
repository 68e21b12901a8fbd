import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport as MemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { Server as ServerV1 } from '@modelcontextprotocol/sdk/server/index.js'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { Client as ClientV2 } from '@modelcontextprotocol/client'
import {
  InMemoryTransport as MemoryV2,
  McpServer as McpServerV2,
  Server as ServerV2,
} from '@modelcontextprotocol/server'
import { Client as Client111 } from 'mcp-sdk-1-11/client/index.js'
import { InMemoryTransport as Memory111 } from 'mcp-sdk-1-11/inMemory.js'
import { Server as Server111 } from 'mcp-sdk-1-11/server/index.js'
import { McpServer as McpServer111 } from 'mcp-sdk-1-11/server/mcp.js'
import { Client as Client120 } from 'mcp-sdk-1-20/client/index.js'
import { InMemoryTransport as Memory120 } from 'mcp-sdk-1-20/inMemory.js'
import { Server as Server120 } from 'mcp-sdk-1-20/server/index.js'
import { McpServer as McpServer120 } from 'mcp-sdk-1-20/server/mcp.js'
import { z } from 'zod'
import { z as z3 } from 'zod-3'

type AnySchema = NonNullable<Parameters<McpServerV1['registerTool']>[1]['inputSchema']>
export type ToolArguments = Record<string, unknown>
export type Tool = (args: ToolArguments, extra: unknown) => unknown

/** What the tests need of an SDK generation; their types differ, what the tests call does not. */
export interface Sdk {
  readonly name: string
  readonly z: typeof z
  server(options?: object): McpServerV1
  client(options?: object): ClientV1
  transports(): ReturnType<typeof MemoryV1.createLinkedPair>
  /** A low-level server that lists and answers what it is told to. */
  lowLevel(list: () => object, call: (params: { name: string; arguments?: ToolArguments }) => unknown): ServerV1
  tool(server: McpServerV1, name: string, shape: Record<string, unknown>, tool: Tool): void
}

export const SERVER: { name: string; version: string } = { name: 'test-server', version: '1.2.3' }
export const CLIENT: { name: string; version: string } = { name: 'test-client', version: '4.5.6' }

interface Parts {
  name: string
  z: unknown
  McpServer: unknown
  Server: unknown
  Client: unknown
  Memory: unknown
  byMethod?: boolean
}

function generation(parts: Parts): Sdk {
  const { McpServer, Server, Client, Memory } = parts as {
    McpServer: typeof McpServerV1
    Server: typeof ServerV1
    Client: typeof ClientV1
    Memory: typeof MemoryV1
  }
  return {
    name: parts.name,
    z: parts.z as typeof z,
    server: (options) => new McpServer(SERVER, options),
    client: (options) => new Client(CLIENT, options),
    transports: () => Memory.createLinkedPair(),
    lowLevel: (list, call) => {
      const server = new Server(SERVER, { capabilities: { tools: {} } })
      const handle = server.setRequestHandler.bind(server) as (method: unknown, handler: unknown) => void
      handle(parts.byMethod ? 'tools/list' : ListToolsRequestSchema, list)
      handle(parts.byMethod ? 'tools/call' : CallToolRequestSchema, (request: { params: { name: string } }) =>
        call(request.params),
      )
      return server
    },
    tool: (server, name, shape, tool) => {
      // SDK 1.11 has no `registerTool` yet.
      if ('registerTool' in server) server.registerTool(name, { inputSchema: shape as AnySchema }, tool as never)
      else (server as McpServerV1).tool(name, shape as never, tool as never)
    },
  }
}

export const V1_11: Sdk = generation({
  name: 'v1.11',
  z: z3,
  McpServer: McpServer111,
  Server: Server111,
  Client: Client111,
  Memory: Memory111,
})
export const V1_20: Sdk = generation({
  name: 'v1.20',
  z: z3,
  McpServer: McpServer120,
  Server: Server120,
  Client: Client120,
  Memory: Memory120,
})
export const V1: Sdk = generation({
  name: 'v1',
  z,
  McpServer: McpServerV1,
  Server: ServerV1,
  Client: ClientV1,
  Memory: MemoryV1,
})
export const V2: Sdk = generation({
  name: 'v2',
  z,
  McpServer: McpServerV2,
  Server: ServerV2,
  Client: ClientV2,
  Memory: MemoryV2,
  byMethod: true,
})

/** The newest of both generations. */
export const SDKS: readonly Sdk[] = [V1, V2]
/** Those, and older ones that work otherwise inside. */
export const ALL_SDKS: readonly Sdk[] = [V1_11, V1_20, V1, V2]

export async function connect(
  sdk: Sdk,
  server: { connect(transport: never): Promise<void> },
  client: ClientV1 = sdk.client(),
): Promise<ClientV1> {
  const [clientSide, serverSide] = sdk.transports()
  await server.connect(serverSide as never)
  await client.connect(clientSide)
  return client
}
