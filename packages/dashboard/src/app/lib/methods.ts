/** What kind of request it is, in one short word. */
const LABELS: Record<string, { label: string; tone: 'tool' | 'resource' | 'prompt' | 'peer' | 'quiet' }> = {
  'tools/call': { label: 'tool', tone: 'tool' },
  'resources/read': { label: 'resource', tone: 'resource' },
  'resources/subscribe': { label: 'subscribe', tone: 'resource' },
  'prompts/get': { label: 'prompt', tone: 'prompt' },
  'completion/complete': { label: 'complete', tone: 'prompt' },
  'sampling/createMessage': { label: 'sampling', tone: 'peer' },
  'elicitation/create': { label: 'elicit', tone: 'peer' },
  'roots/list': { label: 'roots', tone: 'peer' },
  initialize: { label: 'init', tone: 'quiet' },
  'server/discover': { label: 'discover', tone: 'quiet' },
  ping: { label: 'ping', tone: 'quiet' },
}

export function methodLabel(method: string): { label: string; tone: string } {
  const known = LABELS[method]
  if (known) return known
  if (method.startsWith('notifications/')) return { label: 'notify', tone: 'quiet' }
  if (method.endsWith('/list')) return { label: 'list', tone: 'quiet' }
  return { label: method.split('/').at(-1) ?? method, tone: 'quiet' }
}
