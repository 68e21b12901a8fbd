import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instrumentServer } from '../instrument.js'
import { ALL_SDKS, connect, SDKS, SERVER, type Sdk, type ToolArguments } from '../testing/pairs.js'
import { eventually, startTelemetry, type Telemetry } from '../testing/telemetry.js'

let telemetry: Telemetry
beforeEach(() => {
  telemetry = startTelemetry()
})
afterEach(() => telemetry.stop())

const text = (value: string): object => ({ content: [{ type: 'text', text: value }] })

async function intentOf(tool: string): Promise<unknown> {
  const span = await eventually(() =>
    telemetry.server('tools/call').find((one) => one.attributes['gen_ai.tool.name'] === tool),
  )
  return span.attributes['mcpcat.intent']
}

describe.each(ALL_SDKS)('tools of an McpServer, SDK $name', (sdk) => {
  it('get the context argument, and never see it', async () => {
    const server = instrumentServer(sdk.server(), { getMoreTools: false })
    const seen: unknown[] = []
    sdk.tool(server, 'echo', { text: sdk.z.string() }, (args) => {
      seen.push(args)
      return text('ok')
    })
    const client = await connect(sdk, server)
    const { tools } = await client.listTools()
    expect(Object.keys(tools[0]?.inputSchema.properties ?? {})).toEqual(['text', 'context'])
    expect(tools[0]?.inputSchema.required).toEqual(['text', 'context'])
    await client.callTool({ name: 'echo', arguments: { text: 'hi', context: 'to greet' } })
    expect(seen).toEqual([{ text: 'hi' }])
    expect(await intentOf('echo')).toBe('to greet')
    await client.close()
  })

  it('that own a context argument keep it', async () => {
    const server = instrumentServer(sdk.server())
    const seen: unknown[] = []
    sdk.tool(server, 'owner', { context: sdk.z.string(), n: sdk.z.number() }, (args) => {
      seen.push(args)
      return text('ok')
    })
    const client = await connect(sdk, server)
    // Before any list, too.
    await client.callTool({ name: 'owner', arguments: { context: 'mine', n: 1 } })
    const { tools } = await client.listTools()
    expect(tools[0]?.inputSchema.properties?.['context']).toMatchObject({ type: 'string' })
    expect(tools[0]?.inputSchema.properties?.['context']).not.toHaveProperty('description')
    await client.callTool({ name: 'owner', arguments: { context: 'mine', n: 2 } })
    expect(seen).toEqual([
      { context: 'mine', n: 1 },
      { context: 'mine', n: 2 },
    ])
    expect(await intentOf('owner')).toBeUndefined()
    await client.close()
  })

  it('that share one callback are both served', async () => {
    const server = instrumentServer(sdk.server())
    const seen: unknown[] = []
    const shared = (args: ToolArguments): unknown => {
      seen.push(args)
      if (args['fail']) throw new RangeError('shared failure')
      return text('ok')
    }
    sdk.tool(server, 'one', { fail: sdk.z.boolean() }, shared)
    sdk.tool(server, 'two', { fail: sdk.z.boolean() }, shared)
    const client = await connect(sdk, server)
    await client.listTools()
    for (const name of ['one', 'two']) {
      await client.callTool({ name, arguments: { fail: true, context: `for ${name}` } })
      expect(await intentOf(name)).toBe(`for ${name}`)
    }
    expect(seen).toEqual([{ fail: true }, { fail: true }])
    for (const span of telemetry.server('tools/call')) {
      expect(span.events[0]?.attributes?.['exception.type']).toBe('RangeError')
    }
    await client.close()
  })

  it('registered after the first list get it too', async () => {
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'early', { a: sdk.z.string() }, () => text('ok'))
    const client = await connect(sdk, server)
    await client.listTools()
    sdk.tool(server, 'late', { a: sdk.z.string() }, () => text('ok'))
    const { tools } = await client.listTools()
    expect(tools.find(({ name }) => name === 'late')?.inputSchema.properties).toHaveProperty('context')
    await client.close()
  })
})

describe.each(SDKS)('schemas, SDK $name', (sdk) => {
  it('that are strict accept a call with context', async () => {
    const server = instrumentServer(sdk.server())
    server.registerTool('strict', { inputSchema: sdk.z.object({ a: sdk.z.string() }).strict() as never }, (() =>
      text('ok')) as never)
    const client = await connect(sdk, server)
    const { tools } = await client.listTools()
    expect(tools[0]?.inputSchema['additionalProperties']).toBe(false)
    const result = await client.callTool({ name: 'strict', arguments: { a: 'x', context: 'why' } })
    expect(result.isError).toBeFalsy()
    await client.close()
  })

  it('that are a union are left untouched, and their context passes', async () => {
    const server = instrumentServer(sdk.server())
    const seen: unknown[] = []
    const union = sdk.z.discriminatedUnion('kind', [
      sdk.z.object({ kind: sdk.z.literal('a'), context: sdk.z.string() }),
      sdk.z.object({ kind: sdk.z.literal('b') }),
    ])
    server.registerTool('union', { inputSchema: union as never }, ((args: unknown) => {
      seen.push(args)
      return text('ok')
    }) as never)
    const client = await connect(sdk, server)
    const { tools } = await client.listTools()
    expect(tools[0]?.inputSchema.properties ?? {}).not.toHaveProperty('context')
    await client.callTool({ name: 'union', arguments: { kind: 'a', context: 'mine' } })
    expect(seen).toEqual([{ kind: 'a', context: 'mine' }])
    await client.close()
  })
})

const LISTED = {
  tools: [
    {
      name: 'plain',
      title: 'Plain',
      inputSchema: {
        type: 'object',
        properties: { a: { type: 'string' } },
        required: ['a'],
        additionalProperties: false,
      },
      annotations: { readOnlyHint: true },
      outputSchema: { type: 'object', properties: { context: { type: 'string' } } },
      _meta: { own: 1 },
    },
    { name: 'one-of', inputSchema: { type: 'object', oneOf: [{ required: ['context'] }, { required: ['b'] }] } },
    { name: 'any-of', inputSchema: { type: 'object', anyOf: [{}] } },
    { name: 'all-of', inputSchema: { type: 'object', allOf: [{}] } },
    { name: 'map', inputSchema: { type: 'object', additionalProperties: { type: 'number' } } },
    { name: 'owner', inputSchema: { type: 'object', properties: { context: { type: 'object' } } } },
    { name: 'none', inputSchema: { type: 'object' } },
  ],
  nextCursor: 'page-2',
  _meta: { page: 1 },
}

describe.each(SDKS)('a low-level server, SDK $name', (sdk) => {
  it('keeps everything of its list but the added property', async () => {
    const server = instrumentServer(
      sdk.lowLevel(
        () => structuredClone(LISTED),
        () => text('ok'),
      ),
    )
    const client = await connect(sdk, server)
    const listed = await client.request({ method: 'tools/list' }, anyResult(sdk))
    const [plain, oneOf, anyOf, allOf, map, owner, none] = listed['tools'] as Record<string, unknown>[]
    expect(Object.keys(plain as object)).toEqual(Object.keys(LISTED.tools[0] as object))
    expect(plain).toMatchObject({ annotations: { readOnlyHint: true }, outputSchema: LISTED.tools[0]?.outputSchema })
    expect(plain?.['inputSchema']).toHaveProperty('required', ['a', 'context'])
    expect(oneOf).toEqual(LISTED.tools[1])
    expect(anyOf).toEqual(LISTED.tools[2])
    expect(allOf).toEqual(LISTED.tools[3])
    expect(map).toEqual(LISTED.tools[4])
    expect(owner).toEqual(LISTED.tools[5])
    expect(none?.['inputSchema']).toHaveProperty('properties.context')
    // Not the last page: no tool of ours on it.
    expect(listed['tools']).toHaveLength(LISTED.tools.length)
    expect(listed).toMatchObject({ nextCursor: 'page-2', _meta: { page: 1 } })
    await client.close()
  })

  it.each(['plain', 'one-of', 'map', 'owner', 'none'])('that never listed treats %s as its list says', async (name) => {
    const seen: unknown[] = []
    // Another server name each time: nothing is known of it in this process.
    const server = sdk.lowLevel(
      () => structuredClone({ tools: LISTED.tools }),
      (params) => {
        seen.push(params.arguments)
        return text('ok')
      },
    )
    Object.assign(server, { _serverInfo: { ...SERVER, name: `stateless-${sdk.name}-${name}` } })
    const client = await connect(sdk, instrumentServer(server))
    await client.callTool({ name, arguments: { context: 'why', a: 'x' } })
    const stripped = name === 'plain' || name === 'none'
    expect(seen).toEqual([stripped ? { a: 'x' } : { context: 'why', a: 'x' }])
    expect(await intentOf(name)).toBe(stripped ? 'why' : undefined)
    await client.close()
  })

  it('remembers for the servers of its name that come after it', async () => {
    const seen: unknown[] = []
    let lists = 0
    const make = (): ReturnType<Sdk['lowLevel']> => {
      const server = sdk.lowLevel(
        () => {
          lists += 1
          return structuredClone({ tools: LISTED.tools })
        },
        (params) => {
          seen.push(params.arguments)
          return text('ok')
        },
      )
      Object.assign(server, { _serverInfo: { ...SERVER, name: `per-request-${sdk.name}` } })
      return instrumentServer(server)
    }
    const first = await connect(sdk, make())
    await first.listTools()
    await first.close()
    const second = await connect(sdk, make())
    await second.callTool({ name: 'plain', arguments: { a: 'x', context: 'why' } })
    await second.callTool({ name: 'owner', arguments: { context: { mine: true } } })
    await second.close()
    expect(seen).toEqual([{ a: 'x' }, { context: { mine: true } }])
    expect(lists).toBe(1)
  })

  it('is not confused by another server of its name with other tools', async () => {
    const seen: unknown[] = []
    const make = (inputSchema: object): ReturnType<Sdk['lowLevel']> => {
      const server = sdk.lowLevel(
        () => ({ tools: [{ name: 'same', inputSchema }] }),
        (params) => {
          seen.push(params.arguments)
          return text('ok')
        },
      )
      Object.assign(server, { _serverInfo: { ...SERVER, name: `twins-${sdk.name}` } })
      return instrumentServer(server)
    }
    const owning = { type: 'object', properties: { context: { type: 'string' } } }
    const one = await connect(sdk, make({ type: 'object' }))
    const two = await connect(sdk, make(owning))
    await one.listTools()
    await two.listTools()
    await one.callTool({ name: 'same', arguments: { context: 'why' } })
    await two.callTool({ name: 'same', arguments: { context: 'mine' } })
    const three = await connect(sdk, make(owning))
    await three.callTool({ name: 'same', arguments: { context: 'mine' } })
    expect(seen).toEqual([{}, { context: 'mine' }, { context: 'mine' }])
    await Promise.all([one.close(), two.close(), three.close()])
  })
})

describe.each(SDKS)('the options, SDK $name', (sdk) => {
  it('make the argument optional, describe it, exclude tools, and turn it off', async () => {
    const optional = await list(sdk, { context: 'optional', contextDescription: 'Say why.' })
    expect(optional['a']?.properties).toMatchObject({ context: { type: 'string', description: 'Say why.' } })
    expect(optional['a']?.required).toEqual(['x'])
    const excluded = await list(sdk, { contextExcludeTools: ['a'] })
    expect(excluded['a']?.properties).not.toHaveProperty('context')
    expect(excluded['b']?.properties).toHaveProperty('context')
    const off = await list(sdk, { context: 'off', getMoreTools: false })
    expect(off['a']?.properties).not.toHaveProperty('context')
    expect(Object.keys(off)).toEqual(['a', 'b'])
  })

  it('list get_more_tools, whose reports are marked and honestly answered', async () => {
    const server = instrumentServer(sdk.server())
    sdk.tool(server, 'a', {}, () => text('ok'))
    const client = await connect(sdk, server)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['a', 'get_more_tools'])
    const result = await client.callTool({ name: 'get_more_tools', arguments: { context: 'a tool to fly' } })
    expect(JSON.stringify(result.content)).toContain('no additional tools')
    const span = await eventually(() => telemetry.server('tools/call')[0])
    expect(span.attributes).toMatchObject({ 'mcpcat.missing_tool': true, 'mcpcat.intent': 'a tool to fly' })
    await client.close()
  })

  it('answer get_more_tools on an instance that never listed, and leave a tool of that name its own', async () => {
    const bare = instrumentServer(
      sdk.lowLevel(
        () => ({ tools: [] }),
        () => text('not found'),
      ),
    )
    Object.assign(bare, { _serverInfo: { ...SERVER, name: `report-${sdk.name}` } })
    const client = await connect(sdk, bare)
    const reported = await client.callTool({ name: 'get_more_tools', arguments: { context: 'more' } })
    expect(JSON.stringify(reported.content)).toContain('no additional tools')
    await client.close()

    const owner = instrumentServer(sdk.server())
    sdk.tool(owner, 'get_more_tools', { q: sdk.z.string() }, () => text('my own'))
    const other = await connect(sdk, owner)
    const { tools } = await other.listTools()
    expect(tools).toHaveLength(1)
    const own = await other.callTool({ name: 'get_more_tools', arguments: { q: 'x', context: 'c' } })
    expect(JSON.stringify(own.content)).toContain('my own')
    await other.close()
  })
})

function anyResult(sdk: Sdk): never {
  return sdk.z.object({}).passthrough() as never
}

async function list(sdk: Sdk, options: object): Promise<Record<string, { properties?: object; required?: string[] }>> {
  const server = instrumentServer(sdk.server(), options)
  sdk.tool(server, 'a', { x: sdk.z.string() }, () => text('ok'))
  sdk.tool(server, 'b', { x: sdk.z.string() }, () => text('ok'))
  const client = await connect(sdk, server)
  const { tools } = await client.listTools()
  await client.close()
  return Object.fromEntries(tools.map((tool) => [tool.name, tool.inputSchema])) as never
}
