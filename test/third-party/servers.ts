/** A server from npm that starts offline, and one call that it can answer. */
export interface ThirdPartyServer {
  readonly package: string
  /** The JavaScript file that its command runs, below `node_modules`. */
  readonly file: string
  /** `{folder}` stands for an empty folder. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly call: { readonly tool: string; readonly arguments: Readonly<Record<string, unknown>> }
}

export const thirdPartyServers: readonly ThirdPartyServer[] = [
  {
    package: '@modelcontextprotocol/server-everything',
    file: '@modelcontextprotocol/server-everything/dist/index.js',
    args: ['stdio'],
    call: { tool: 'echo', arguments: { message: 'hello' } },
  },
  {
    package: '@modelcontextprotocol/server-filesystem',
    file: '@modelcontextprotocol/server-filesystem/dist/index.js',
    args: ['{folder}'],
    call: { tool: 'list_allowed_directories', arguments: {} },
  },
  {
    package: '@modelcontextprotocol/server-memory',
    file: '@modelcontextprotocol/server-memory/dist/index.js',
    env: { MEMORY_FILE_PATH: '{folder}/memory.json' },
    call: { tool: 'read_graph', arguments: {} },
  },
  {
    package: '@modelcontextprotocol/server-sequential-thinking',
    file: '@modelcontextprotocol/server-sequential-thinking/dist/index.js',
    call: {
      tool: 'sequentialthinking',
      arguments: { thought: 'one', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 },
    },
  },
  {
    package: '@modelcontextprotocol/server-pdf',
    file: '@modelcontextprotocol/server-pdf/dist/index.js',
    args: ['--stdio'],
    call: { tool: 'list_pdfs', arguments: {} },
  },
  {
    package: '@upstash/context7-mcp',
    file: '@upstash/context7-mcp/dist/index.js',
    call: { tool: 'resolve-library-id', arguments: { query: 'hono', libraryName: 'hono' } },
  },
  {
    package: 'mcp-server-commands',
    file: 'mcp-server-commands/build/index.js',
    call: { tool: 'run_command', arguments: { command: 'echo hello' } },
  },
  {
    package: 'mcp-server-sqlite-npx',
    file: 'mcp-server-sqlite-npx/dist/index.js',
    args: ['{folder}/test.db'],
    call: { tool: 'list_tables', arguments: {} },
  },
  {
    package: '@playwright/mcp',
    file: '@playwright/mcp/cli.js',
    call: { tool: 'browser_close', arguments: {} },
  },
  {
    package: 'chrome-devtools-mcp',
    file: 'chrome-devtools-mcp/build/src/bin/chrome-devtools-mcp.js',
    call: { tool: 'list_pages', arguments: {} },
  },
  {
    package: '@notionhq/notion-mcp-server',
    file: '@notionhq/notion-mcp-server/bin/cli.mjs',
    env: { NOTION_TOKEN: 'none' },
    call: { tool: 'API-get-self', arguments: {} },
  },
  {
    package: '@cyanheads/git-mcp-server',
    file: '@cyanheads/git-mcp-server/dist/index.js',
    env: { MCP_TRANSPORT_TYPE: 'stdio', GIT_BASE_DIR: '{folder}' },
    call: { tool: 'git_status', arguments: { path: '{folder}' } },
  },
]
