import { SpanStatusCode } from '@opentelemetry/api'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { McpcatSpanExporter, McpcatSpanProcessor } from './index.js'
import { accept, Receiver, status } from './testing/receiver.js'
import { toolCall, traceCall, tracerFor } from './testing/spans.js'

/**
 * The bytes that leave, searched for a secret that was put everywhere at once: read off the socket,
 * uncompressed, in both protocols.
 */
const TAIL = fc.stringMatching(/^[A-Za-z0-9]{24,40}$/)
const SECRETS = fc.oneof(
  TAIL.map((tail) => `${tail}@planted.example`),
  TAIL.map((tail) => `sk-${tail}`),
  TAIL.map((tail) => `ghp_${tail.padEnd(36, 'x')}`),
  TAIL.map((tail) => `eyJhbGciOiJIUzI1NiJ9.${tail}.${tail}`),
  fc.constantFrom('4111111111111111', '5555 5555 5555 4444', '378282246310005'),
)
/** Only its name betrays it. */
const UNREMARKABLE = fc.stringMatching(/^[a-z]{12,20}$/).map((text) => `plain ${text} words`)

class PlantedError extends Error {}

describe.each(['otlp', 'events'] as const)('over %s', (protocol) => {
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await Receiver.start([protocol === 'otlp' ? accept : status(202)])
  })
  afterAll(() => receiver.close())

  async function bytesOf(use: (tracer: ReturnType<typeof tracerFor>) => void, resource = {}): Promise<string> {
    receiver.requests.length = 0
    const where = protocol === 'otlp' ? { endpoint: receiver.url } : { apiUrl: receiver.url }
    const processor = new McpcatSpanProcessor(new McpcatSpanExporter(where))
    use(tracerFor(processor, resource))
    await processor.shutdown()
    expect(processor.stats()).toMatchObject({ made: 1, sent: 1 })
    return Buffer.concat(receiver.requests.map(({ body }) => body)).toString('latin1')
  }

  it('no secret of a known kind leaves, wherever it stood', async () => {
    await fc.assert(
      fc.asyncProperty(SECRETS, async (secret) => {
        const error = new PlantedError(`cannot find ${secret}`, { cause: new Error(`inner ${secret}`) })
        const bytes = await bytesOf(
          (tracer) =>
            traceCall(tracer, {
              attributes: {
                'mcpcat.intent': `The user asked about ${secret}.`,
                'mcpcat.tag.note': secret,
                'gen_ai.tool.name': secret,
                'mcp.resource.uri': `file:///${secret}`,
                [`mcpcat.user.${secret}`]: 1,
                list: ['a', secret],
              },
              content: {
                request: toolCall({
                  q: secret,
                  [secret]: 1,
                  deep: [{ json: JSON.stringify({ list: [JSON.stringify({ secret })] }) }],
                }),
                response: {
                  content: [{ type: 'text', text: `{"rows":[{"mail":"${secret}"}],"cut":"${secret}` }],
                  structuredContent: { lines: `a\n${secret}\nb` },
                },
              },
              during: (span) => {
                span.updateName(`tools/call ${secret}`)
                span.recordException(error)
                span.addEvent(`saw ${secret}`, { detail: secret })
                span.addLink({ context: span.spanContext(), attributes: { detail: secret } })
                span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
              },
            }),
          { 'process.command_line': `node server.js ${secret}` },
        )
        expect(bytes).not.toContain(secret)
        expect(bytes).toContain('REDACTED')
      }),
      { numRuns: 40 },
    )
  })

  it('no value of a secret name leaves, whatever it looks like', async () => {
    const names = fc.constantFrom('password', 'apiKey', 'client_secret', 'X-Api-Key', 'refreshToken')
    await fc.assert(
      fc.asyncProperty(names, UNREMARKABLE, async (name, secret) => {
        const bytes = await bytesOf((tracer) =>
          traceCall(tracer, {
            attributes: { [`mcpcat.tag.${name}`]: secret, 'mcpcat.intent': `log in with {"${name}": "${secret}"}` },
            content: {
              request: toolCall({
                [name]: secret,
                deep: { [name]: [secret] },
                json: JSON.stringify({ [name]: secret }),
              }),
              response: { content: [{ type: 'text', text: `got '${name}': '${secret}'` }] },
            },
            during: (span) => {
              span.recordException(new Error(`refused: {"${name}":"${secret}"}`))
              span.setStatus({ code: SpanStatusCode.ERROR, message: `"${name}": "${secret}"` })
            },
          }),
        )
        expect(bytes).not.toContain(secret)
      }),
      { numRuns: 40 },
    )
  })
})
