import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport as MemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { Client as ClientV2 } from '@modelcontextprotocol/client'
import { InMemoryTransport as MemoryV2, McpServer as McpServerV2 } from '@modelcontextprotocol/server'

/** What the tests need of either SDK generation. */
export interface Sdk {
  readonly name: string
  server(options?: object): McpServerV1
  client(options?: object): ClientV1
  transports(): ReturnType<typeof MemoryV1.createLinkedPair>
}

const SERVER = { name: 'test-server', version: '1.2.3' }
const CLIENT = { name: 'test-client', version: '4.5.6' }

const v1: Sdk = {
  name: 'v1',
  server: (options) => new McpServerV1(SERVER, options),
  client: (options) => new ClientV1(CLIENT, options),
  transports: () => MemoryV1.createLinkedPair(),
}

// The two generations agree in every method that the tests call; their types do not.
const v2 = {
  name: 'v2',
  server: (options?: object) => new McpServerV2(SERVER, options),
  client: (options?: object) => new ClientV2(CLIENT, options),
  transports: () => MemoryV2.createLinkedPair(),
} as unknown as Sdk

export const SDKS: readonly Sdk[] = [v1, v2]

export async function connect(sdk: Sdk, server: McpServerV1, client: ClientV1 = sdk.client()): Promise<ClientV1> {
  const [clientSide, serverSide] = sdk.transports()
  await server.connect(serverSide)
  await client.connect(clientSide)
  return client
}
