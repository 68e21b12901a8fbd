import type { ResolvedConfig } from '../config.js'
import { isRecord, stringOf, type Message } from '../wire.js'
import { canTakeContext, withContextProperty } from './schema.js'

/**
 * A copy of an outgoing `tools/list` answer in which every tool that can take it has the `context`
 * property; remembers in `tools` which ones have.
 */
export function injectContext(response: Message, config: ResolvedConfig, tools: Map<string, boolean>): Message {
  if (config.context === 'off' || !isRecord(response.result)) return response
  const listed = response.result['tools']
  if (!Array.isArray(listed)) return response
  const injected = listed.map((tool: unknown) => {
    if (!isRecord(tool)) return tool
    const name = stringOf(tool['name'])
    if (name === undefined) return tool
    const schema = tool['inputSchema']
    const takes = canTakeContext(schema) && !config.contextExcludeTools.has(name)
    tools.set(name, takes)
    if (!takes) return tool
    return {
      ...tool,
      inputSchema: withContextProperty(schema, config.contextDescription, config.context === 'required'),
    }
  })
  return { ...response, result: { ...response.result, tools: injected } }
}
