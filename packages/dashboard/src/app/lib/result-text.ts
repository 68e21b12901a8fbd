/**
 * The text that an agent read: the text blocks of a tool result (`content`), of a resource
 * (`contents`) or of a prompt (`messages`), or null when the response has none.
 */
export function resultText(response: string): string | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(response)
  } catch {
    // No JSON, no blocks.
    return null
  }
  const result = parsed as { content?: unknown; contents?: unknown; messages?: unknown } | null
  const blocks = result?.content ?? result?.contents ?? result?.messages
  if (!Array.isArray(blocks)) return null
  const texts = blocks.map(blockText).filter((text) => text !== null)
  return texts.length > 0 ? texts.join('\n\n') : null
}

function blockText(block: unknown): string | null {
  const { text, content } = (block ?? {}) as { text?: unknown; content?: { text?: unknown } | null }
  if (typeof text === 'string') return text
  return typeof content?.text === 'string' ? content.text : null
}
