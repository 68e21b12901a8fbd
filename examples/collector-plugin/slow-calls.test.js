import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { processorContract, recordingConsumer, sampleTraces, testContext } from '@mcpcat/collector/testing'
import { slowCallsProcessor } from './slow-calls.js'

await describe('slow_calls keeps the contract of processors', async () => {
  for (const { name, run } of processorContract(slowCallsProcessor, { config: {} })) await it(name, run)
})

await it('marks what takes longer than the limit', async () => {
  const next = recordingConsumer()
  // The sample's spans take 25 ms.
  const processor = slowCallsProcessor.create({ limit_ms: 10, attribute: 'slow' }, testContext('slow_calls'), next)
  await processor.consumeTraces(sampleTraces(1))
  assert.deepEqual(next.spans[0]?.attributes.at(-1), { key: 'slow', value: { boolValue: true } })
})
