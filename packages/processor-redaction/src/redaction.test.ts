import { processorContract, recordingConsumer, sampleTraces, testContext } from '@mcpcat/collector/testing'
import type { AnyValue, Traces } from '@mcpcat/collector'
import { describe, expect, it } from 'vitest'
import { redactionProcessor } from './factory.js'

describe('redaction keeps the contract of processors:', () => {
  for (const { name, run } of processorContract(redactionProcessor, { config: {} })) it(name, run)
})

async function redacted(traces: Traces, config: object = {}): Promise<Traces> {
  const next = recordingConsumer()
  const settings = redactionProcessor.configSchema.parse(config)
  await redactionProcessor.create(settings, testContext('redaction'), next).consumeTraces(traces)
  return next.batches[0]!
}

const SECRET = 'sk-proj-Ab3dEf6hIj9kLmN0pQr5tUv8xYz1Ab3dEf6hIj9k'
const secret: AnyValue = { stringValue: `use ${SECRET} please` }

it('reaches every place in which a sender may write freely', async () => {
  const traces = sampleTraces(1)
  const [group] = traces.resourceSpans
  const [span] = group!.scopeSpans[0]!.spans
  const attribute = { key: 'note', value: secret }
  group!.resource.attributes.push({ ...attribute })
  group!.scopeSpans[0]!.scope.attributes.push({ ...attribute })
  span!.name = `call ${SECRET}`
  span!.status = { code: 2, message: `refused ${SECRET}` }
  span!.attributes.push(
    { ...attribute },
    { key: `header ${SECRET}`, value: { stringValue: 'x' } },
    { key: 'list', value: { arrayValue: { values: [secret, { intValue: 5n }] } } },
    { key: 'map', value: { kvlistValue: { values: [{ key: 'inner', value: { arrayValue: { values: [secret] } } }] } } },
    {
      key: 'json',
      value: { stringValue: JSON.stringify({ deep: [{ password: 'hunter2', text: SECRET, count: 3 }] }) },
    },
    { key: 'api_key', value: { intValue: 12345678n } },
  )
  span!.events.push({
    timeUnixNano: 1n,
    name: `event ${SECRET}`,
    attributes: [{ ...attribute }],
    droppedAttributesCount: 0,
  })
  span!.links.push({
    traceId: '',
    spanId: '',
    traceState: '',
    flags: 0,
    attributes: [{ ...attribute }],
    droppedAttributesCount: 0,
  })

  const text = JSON.stringify(await redacted(traces), (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  expect(text).not.toContain(SECRET)
  expect(text).not.toContain('hunter2')
  expect(text).not.toContain('12345678')
  const json = span!.attributes.find(({ key }) => key === 'json')?.value.stringValue
  expect(JSON.parse(json!)).toMatchObject({ deep: [{ count: 3 }] })
})

it('leaves alone what is no secret, to the letter', async () => {
  const attributes = [
    { key: 'json', value: { stringValue: '{ "big": 12345678901234567890, "list": [1, 2] }' } },
    { key: 'bytes', value: { bytesValue: Uint8Array.from([1, 2]) } },
    { key: 'empty', value: {} },
    { key: 'nan', value: { doubleValue: Number.NaN } },
  ]
  const traces = sampleTraces(3)
  traces.resourceSpans[0]!.resource.attributes.push(...structuredClone(attributes))
  const before = structuredClone(traces)
  expect(await redacted(traces)).toEqual(before)
})

it('keeps what it is told to keep, and uses the detectors that are asked for', async () => {
  const traces = sampleTraces(1)
  const attributes = traces.resourceSpans[0]!.resource.attributes
  attributes.push({ key: 'kept', value: secret }, { key: 'mail', value: { stringValue: 'ann@example.com' } })
  await redacted(traces, { keep_attributes: ['kept'], detectors: { email: false } })
  expect(attributes).toContainEqual({ key: 'kept', value: secret })
  expect(attributes).toContainEqual({ key: 'mail', value: { stringValue: 'ann@example.com' } })
  expect(redactionProcessor.configSchema.safeParse({ detectors: { telepathy: true } }).success).toBe(false)
})
