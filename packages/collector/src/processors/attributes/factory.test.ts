import { describe, expect, it } from 'vitest'
import { testContext } from '../../testing/context.js'
import { recordingConsumer } from '../../testing/recording-consumer.js'
import { sampleTraces } from '../../testing/sample-traces.js'
import type { KeyValue } from '../../traces.js'
import { filterProcessor } from '../filter/factory.js'
import { resourceProcessor } from '../resource/factory.js'
import { attributesProcessor } from './factory.js'

async function attributesAfter(config: object, traces = sampleTraces(1)): Promise<KeyValue[]> {
  const next = recordingConsumer()
  await attributesProcessor
    .create(attributesProcessor.configSchema.parse(config), testContext('attributes'), next)
    .consumeTraces(traces)
  return next.spans[0]!.attributes
}

const valueAfter = async (config: object, key: string) =>
  (await attributesAfter(config)).find((one) => one.key === key)?.value

const names = (pattern: string) => ({ match_type: 'regexp', span_names: [pattern] })

const problem = (config: object) => attributesProcessor.configSchema.safeParse(config).error?.issues[0]?.message

describe('attributes', () => {
  const known = 'gen_ai.tool.name'

  it.each([
    ['insert', known, { stringValue: 'search_files' }],
    ['insert', 'new', { stringValue: 'x' }],
    ['update', known, { stringValue: 'x' }],
    ['update', 'new', undefined],
    ['upsert', known, { stringValue: 'x' }],
    ['upsert', 'new', { stringValue: 'x' }],
  ])('%s of %s', async (action, key, expected) => {
    expect(await valueAfter({ actions: [{ key, action, value: 'x' }] }, key)).toEqual(expected)
  })

  it('deletes, hashes and copies, in order', async () => {
    const actions = [
      { key: 'copy', action: 'insert', from_attribute: known },
      { key: known, action: 'delete' },
      { key: 'copy', action: 'hash' },
    ]
    expect(await valueAfter({ actions }, known)).toBeUndefined()
    expect(await valueAfter({ actions }, 'copy')).toEqual({
      stringValue: '25014698ad95f43cb6f864f4fb9308890ad8ff2114a0876e259489d21244253c',
    })
  })

  it('gives values the type that the YAML gives them', async () => {
    for (const [value, expected] of [
      [5, { intValue: 5n }],
      [1.5, { doubleValue: 1.5 }],
      [true, { boolValue: true }],
    ] as const)
      expect(await valueAfter({ actions: [{ key: 'a', action: 'insert', value }] }, 'a')).toEqual(expected)
  })

  it('leaves spans alone that are not included, or excluded', async () => {
    const actions = [{ key: 'a', action: 'insert', value: 1 }]
    expect(await valueAfter({ actions, include: names('^tools/') }, 'a')).toBeDefined()
    expect(await valueAfter({ actions, include: names('^prompts/') }, 'a')).toBeUndefined()
    expect(await valueAfter({ actions, exclude: names('^tools/') }, 'a')).toBeUndefined()
  })

  it('says what is wrong with an action or a pattern', () => {
    expect(problem({ actions: [{ key: 'a', action: 'insert' }] })).toBe(
      'insert, update and upsert need either value or from_attribute',
    )
    const actions = [{ key: 'a', action: 'delete' }]
    expect(problem({ actions, include: {} })).toBe(
      'expected at least one of services, span_names, attributes, resources',
    )
    expect(problem({ actions, include: { match_type: 'regexp', services: ['('] } })).toBe(
      '"(" is not a regular expression',
    )
  })
})

it('resource changes what all spans share', async () => {
  const next = recordingConsumer()
  const config = resourceProcessor.configSchema.parse({
    attributes: [{ key: 'deployment.environment.name', action: 'insert', value: 'test' }],
  })
  await resourceProcessor.create(config, testContext('resource'), next).consumeTraces(sampleTraces(2))
  expect(next.batches[0]?.resourceSpans[0]?.resource.attributes).toContainEqual({
    key: 'deployment.environment.name',
    value: { stringValue: 'test' },
  })
})

const kept = async (spans: object): Promise<number> => {
  const next = recordingConsumer()
  const filter = filterProcessor.create(filterProcessor.configSchema.parse({ spans }), testContext('filter'), next)
  await filter.consumeTraces({
    resourceSpans: [...sampleTraces(3, 'a').resourceSpans, ...sampleTraces(4, 'b').resourceSpans],
  })
  return next.spans.length
}

describe('filter', () => {
  it.each([
    [{ include: { services: ['a'] } }, 3],
    [{ exclude: { services: ['a'] } }, 4],
    [{ exclude: { match_type: 'regexp', services: ['a|b'] } }, 0],
    [{ include: { attributes: [{ key: 'jsonrpc.request.id', value: 2 }] } }, 2],
    [{ include: { attributes: [{ key: 'absent' }] } }, 0],
    [{ include: { services: ['a', 'b'] }, exclude: { attributes: [{ key: 'jsonrpc.request.id', value: '0' }] } }, 5],
    [{ include: { resources: [{ key: 'service.name', value: 'b' }], span_names: ['tools/call search_files'] } }, 4],
  ])('%j keeps %i of 7', async (spans, count) => {
    expect(await kept(spans)).toBe(count)
  })
})
