import { diag, DiagLogLevel } from '@opentelemetry/api'
import { afterEach, expect, it } from 'vitest'
import { instrumentServer } from './instrument.js'
import { connect, V1 } from './testing/pairs.js'

afterEach(() => diag.disable())

it('a broken tracer takes nothing with it but its spans, and is told of once', async () => {
  const lines: string[] = []
  const log = (line: string): void => void lines.push(line)
  diag.setLogger({ error: log, warn: log, info: log, debug: log, verbose: log }, DiagLogLevel.WARN)
  let asked = 0
  const broken = {
    getTracer: () => ({
      startSpan: () => {
        asked += 1
        throw new Error('tracer down')
      },
    }),
  }
  const server = instrumentServer(V1.server(), { tracerProvider: broken as never })
  V1.tool(server, 'x', { q: V1.z.string() }, (args) => ({ content: [{ type: 'text', text: JSON.stringify(args) }] }))
  const client = await connect(V1, server)
  await client.listTools()
  for (let call = 0; call < 20; call += 1) {
    // One after the other: the hook goes off between them.
    // oxlint-disable-next-line no-await-in-loop
    const { content } = await client.callTool({ name: 'x', arguments: { q: 'a' } })
    expect(content).toEqual([{ type: 'text', text: '{"q":"a"}' }])
  }
  await client.close()
  expect(lines.filter((line) => line.includes('"request" keeps failing'))).toHaveLength(1)
  expect(asked).toBeLessThan(10)
})
