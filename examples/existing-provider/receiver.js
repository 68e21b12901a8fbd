// Stands in for a receiver (Jaeger, Tempo, a vendor's, MCPcat): prints the tool calls that reach it.
import { createServer } from 'node:http'

/** Listens on a free port of loopback; `read` finds tool calls in a request's body. */
export async function receiver(name, read) {
  const server = createServer((request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      for (const call of read(JSON.parse(Buffer.concat(chunks)))) console.log(`\n${name} got\n`, call)
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() }
}

/** The team's stack: OTLP/JSON. */
export function otlpCalls({ resourceSpans }) {
  const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
  return spans
    .filter(({ name }) => name.startsWith('tools/call'))
    .map(({ attributes }) => Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]])))
}

/** MCPcat: the hosted events API, whose JSON is easy to read. */
export function eventCalls(event) {
  if (event.event_type !== 'mcp:tools/call') return []
  const { resource_name: tool, user_intent: intent, parameters, response } = event
  return [{ tool, intent, arguments: parameters.request.params.arguments, result: response.content }]
}
