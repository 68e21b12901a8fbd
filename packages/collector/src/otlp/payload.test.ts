import { array, assert, asyncProperty, nat, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Payload } from '../batch.js'
import { PermanentError } from '../errors.js'
import { samplePayload } from '../testing/sample-payload.js'
import { parsePayload, payloadToJson } from './payload-json.js'
import { readPayload, withResourceAttribute } from './payload.js'
import { MalformedError } from './wire-reader.js'

/** What the work throws, as long as it says that the data is bad; anything else fails the test. */
async function refusalOf(work: () => unknown): Promise<Error | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof MalformedError || error instanceof PermanentError) return error
    throw error
  }
}

const damage = array(tuple(nat(), nat(255)), { minLength: 1, maxLength: 8 })

function damaged(bytes: Buffer, places: readonly (readonly [number, number])[]): Buffer {
  const copy = Buffer.from(bytes)
  for (const [place, value] of places) copy[place % copy.length] = value
  return copy
}

describe.each(['metrics', 'logs'] as const)('%s', (signal) => {
  it('that are damaged on their way are taken or refused, and nothing else happens', async () => {
    const { bytes } = await samplePayload(signal, 3)
    const text = Buffer.from(JSON.stringify(await payloadToJson(readPayload(signal, bytes))))
    let refused = 0
    await assert(
      asyncProperty(damage, async (places) => {
        let payload: Payload | undefined
        if (await refusalOf(() => (payload = readPayload(signal, damaged(bytes, places))))) refused += 1
        if (payload) {
          const taken = payload
          expect(taken.items).toBeLessThanOrEqual(bytes.length)
          await refusalOf(() => payloadToJson(taken))
          await refusalOf(() => withResourceAttribute(taken, 'a', 'b'))
        }
        await refusalOf(() => parsePayload(signal, damaged(text, places).toString('utf8')))
      }),
      { numRuns: 2000 },
    )
    expect(refused).toBeGreaterThan(0)
  })

  it('that are nested without end are refused, or carried unread', async () => {
    const depth = 50_000
    const value = `${'{"arrayValue":{"values":['.repeat(depth)}{}${']}}'.repeat(depth)}`
    const resource = `{"attributes":[{"key":"deep","value":${value}}]}`
    const name = signal === 'metrics' ? 'resourceMetrics' : 'resourceLogs'
    await expect(parsePayload(signal, `{"${name}":[{"resource":${resource}}]}`)).rejects.toBeInstanceOf(MalformedError)

    // AnyValue { array_value { values … } }, inside of each other.
    let nested: Buffer = Buffer.alloc(0)
    for (let level = 0; level < 2000; level += 1) nested = within(level % 2 === 0 ? 0x0a : 0x2a, nested)
    const attribute = Buffer.concat([within(0x0a, Buffer.from('deep')), within(0x12, nested)])
    const bytes = within(0x0a, within(0x0a, within(0x0a, attribute)))
    const payload = readPayload(signal, bytes)
    expect(payload).toEqual({ signal, bytes, items: 0 })
    await expect(payloadToJson(payload)).rejects.toBeInstanceOf(PermanentError)
  })
})

function within(tag: number, bytes: Buffer): Buffer {
  const length: number[] = []
  for (let rest = bytes.length; ; rest >>>= 7) {
    if (rest < 0x80) {
      length.push(rest)
      break
    }
    length.push((rest & 0x7f) | 0x80)
  }
  return Buffer.concat([Buffer.from([tag, ...length]), bytes])
}
