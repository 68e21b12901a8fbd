interface Tool {
  name: string
  inputSchema?: { properties?: Record<string, unknown>; required?: string[] }
}
interface Message {
  id?: number
  params?: { _meta?: Record<string, unknown> }
  result?: { tools?: Tool[] }
}

/**
 * The messages that a server wrote, in their order, without what the instrumentation adds on purpose: the
 * `context` property of tools, the tool `get_more_tools`, and the trace context in `_meta`. A line that is no JSON stays a string.
 */
export function withoutInjections(lines: readonly string[]): unknown[] {
  return lines.map((line) => {
    let message: Message
    try {
      message = JSON.parse(line) as Message
    } catch {
      return line
    }
    if (message.result?.tools) message.result.tools = message.result.tools.filter(isOwn).map(bare)
    return withoutTraceContext(message)
  })
}

function withoutTraceContext(message: Message): Message {
  const { params, ...rest } = message
  if (!params?._meta) return message
  const { _meta, ...own } = params
  const { traceparent: _, tracestate: __, baggage: ___, ...meta } = _meta
  const left = { ...own, ...(Object.keys(meta).length > 0 && { _meta: meta }) }
  return Object.keys(left).length > 0 ? { ...rest, params: left } : rest
}

function isOwn(tool: Tool): boolean {
  return tool.name !== 'get_more_tools'
}

function bare(tool: Tool): Tool {
  const { properties, required } = tool.inputSchema ?? {}
  if (!properties || !('context' in properties)) return tool
  const { context: _, ...others } = properties
  const left = required?.filter((name) => name !== 'context') ?? []
  const { required: __, ...schema } = tool.inputSchema ?? {}
  return { ...tool, inputSchema: { ...schema, properties: others, ...(left.length > 0 && { required: left }) } }
}
