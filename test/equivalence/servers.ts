import { completable as completableV1 } from '@modelcontextprotocol/sdk/server/completable.js'
import { InMemoryTaskStore } from '@modelcontextprotocol/sdk/experimental/tasks/stores/in-memory.js'
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js'
import { completable as completableV2, McpServer as McpServerV2 } from '@modelcontextprotocol/server'
import { z } from 'zod'

export type Generation = 'v1' | 'v2'
export type AnyServer = McpServerV1

type Extra = {
  signal?: AbortSignal
  sendNotification?: (notification: object) => Promise<void>
  mcpReq?: { signal: AbortSignal; notify: (notification: object) => Promise<void> }
}

/** The same server in either generation: every kind of tool, resources, prompts, completion, logging and tasks. */
export function buildServer(generation: Generation): AnyServer {
  const info = { name: `scripted-${generation}`, version: '1.0.0' }
  const capabilities = { logging: {}, ...(generation === 'v1' && { tasks: { requests: { tools: { call: {} } } } }) }
  const server =
    generation === 'v1'
      ? new McpServerV1(info, { capabilities, taskStore: new InMemoryTaskStore() })
      : (new McpServerV2(info, { capabilities }) as unknown as AnyServer)
  addTools(server)
  addOthers(server, generation === 'v1' ? completableV1 : (completableV2 as never))
  if (generation === 'v1') addTask(server)
  return server
}

const text = (value: string): { content: { type: 'text'; text: string }[] } => ({
  content: [{ type: 'text', text: value }],
})

function addTools(server: AnyServer): void {
  server.registerTool('echo', { inputSchema: { text: z.string() } }, (args) => text(JSON.stringify(args)))
  server.registerTool('nothing', {}, () => text('no arguments'))
  server.registerTool('strict', { inputSchema: z.object({ a: z.number() }).strict() as never }, ((args: unknown) =>
    text(JSON.stringify(args))) as never)
  server.registerTool('owner', { inputSchema: { context: z.string(), n: z.number().optional() } }, (args) =>
    text(JSON.stringify(args)),
  )
  server.registerTool(
    'typed',
    { inputSchema: { n: z.number() }, outputSchema: { double: z.number() }, annotations: { readOnlyHint: true } },
    ({ n }) => ({ ...text(String(n * 2)), structuredContent: { double: n * 2 } }),
  )
  server.registerTool('wrong-output', { outputSchema: { n: z.number() } }, () => text('no structure'))
  server.registerTool('boom', {}, () => {
    throw new TypeError('boom')
  })
  server.registerTool('boom-later', {}, () => Promise.reject(new Error('later', { cause: new Error('cause') })))
  server.registerTool('boom-string', {}, () => {
    // oxlint-disable-next-line typescript/only-throw-error -- one of the things that servers do
    throw 'text'
  })
  server.registerTool('image', {}, () => ({ content: [{ type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' }] }))
  server.registerTool('large', {}, () => text('x'.repeat(200_000)))
  server.registerTool('progress', {}, (async (extra: Extra) => {
    const notify = extra.mcpReq?.notify ?? extra.sendNotification
    for (const progress of [1, 2]) {
      // One after the other, as a client would see it.
      // oxlint-disable-next-line no-await-in-loop
      await notify?.({ method: 'notifications/progress', params: { progressToken: 'p', progress, total: 2 } })
    }
    return text('done')
  }) as never)
  server.registerTool('until-cancelled', {}, (async (extra: Extra) => {
    const signal = extra.mcpReq?.signal ?? extra.signal
    await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    return text('never seen')
  }) as never)
  server.registerTool('ask-roots', {}, async () => text(JSON.stringify(await server.server.listRoots())))
  server.registerTool('log', {}, async () => {
    await server.server.sendLoggingMessage({ level: 'error', data: { some: 'data' } })
    return text('logged')
  })
}

function addOthers(server: AnyServer, completable: typeof completableV1): void {
  server.registerResource('notes', 'file:///notes', { mimeType: 'text/plain' }, () => ({
    contents: [{ uri: 'file:///notes', text: 'the notes' }],
  }))
  server.registerResource('broken', 'file:///broken', {}, () => {
    throw new Error('cannot read')
  })
  server.registerPrompt(
    'greet',
    { argsSchema: { name: completable(z.string(), (value: string) => [`${value}a`, `${value}b`]) as never } },
    ((args: { name: string }) => ({
      messages: [{ role: 'user', content: { type: 'text', text: `hello ${args.name}` } }],
    })) as never,
  )
}

function addTask(server: AnyServer): void {
  server.experimental.tasks.registerToolTask(
    'job',
    { inputSchema: { n: z.number() } },
    {
      async createTask({ n }, { taskStore, taskRequestedTtl }) {
        const task = await taskStore.createTask({ ttl: taskRequestedTtl ?? null })
        await taskStore.storeTaskResult(task.taskId, 'completed', text(`job ${n}`))
        return { task }
      },
      getTask: (_args, { taskId, taskStore }) => taskStore.getTask(taskId),
      getTaskResult: (_args, { taskId, taskStore }) => taskStore.getTaskResult(taskId) as never,
    },
  )
}
