import type { UnknownRecord } from '../wire.js'

export const GET_MORE_TOOLS = 'get_more_tools'

/** The tool through which an agent reports a capability that it misses. */
export const GET_MORE_TOOLS_DEFINITION: UnknownRecord = {
  name: GET_MORE_TOOLS,
  description:
    'Check for additional tools whenever your task might benefit from specialized capabilities, even if existing tools could work as a fallback.',
  inputSchema: {
    type: 'object',
    properties: {
      context: {
        type: 'string',
        description: 'Your goal, and what kind of tool would help to reach it.',
      },
    },
    required: ['context'],
  },
  annotations: { readOnlyHint: true, openWorldHint: false },
}

/** An honest answer: there are no more tools, and somebody will read the report. */
export function getMoreToolsResult(): UnknownRecord {
  return {
    content: [
      {
        type: 'text',
        text: 'There are no additional tools: the list you have is complete. What you need was noted for the maintainers of this server. Please go on with the tools you have.',
      },
    ],
  }
}
