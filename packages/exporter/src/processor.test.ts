import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { addSpanContent } from '@mcpcat/semconv'
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base'
import { expect, it } from 'vitest'
import { McpcatSpanExporter, McpcatSpanProcessor } from './index.js'

it('sends MCP spans with their content, and leaves the span itself lean', async () => {
  const bodies: Buffer[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      bodies.push(gunzipSync(Buffer.concat(chunks)))
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const processor = new McpcatSpanProcessor(new McpcatSpanExporter({ endpoint, projectId: 'proj_1' }))
  const provider = new BasicTracerProvider({ spanProcessors: [processor] })
  const tracer = provider.getTracer('test')
  tracer.startSpan('GET /').end()
  const span = tracer.startSpan('tools/call add', { attributes: { 'mcp.method.name': 'tools/call' } })
  addSpanContent(span, { request: { name: 'add', arguments: { a: 41 } }, response: { content: [] } })
  span.end()
  await provider.shutdown()
  server.close()
  const sent = Buffer.concat(bodies).toString('latin1')
  expect(sent).toContain('tools/call add')
  expect(sent).toContain('{"a":41}')
  expect(sent).toContain('proj_1')
  expect(sent).not.toContain('GET /')
  expect(processor.stats()).toMatchObject({ made: 1, sent: 1, dropped: 0, queued: 0 })
  expect(span).not.toHaveProperty('attributes', expect.objectContaining({ 'gen_ai.tool.call.arguments': '{"a":41}' }))
})
