import * as fc from 'fast-check'
import type { Message } from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { plainTraces } from '../clone-traces.js'
import { arbitraryTraces } from '../conformance/arbitrary-traces.js'
import { sampleTraces } from '../testing/sample-traces.js'
import { meaningOf, oracleRequest } from '../conformance/trace-service-proto.js'
import type { Traces } from '../traces.js'
import { decodeTraces } from './decode-traces.js'
import { encodeTraces } from './encode-traces.js'
import { parseTraces, tracesToJson } from './json-traces.js'
import { MalformedError } from './wire-reader.js'

const part = (key: string): Message =>
  oracleRequest.create({ resourceSpans: [{ resource: { attributes: [{ key, value: { stringValue: key } }] } }] })

const spanStartingAt = (start: string): string =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":${start}}]}]}]}`
const inner = (key: string): Buffer => Buffer.from(oracleRequest.encode(part(key)).finish()).subarray(2)

describe('protobuf', () => {
  it('gives back whatever it wrote', () => {
    fc.assert(
      fc.property(arbitraryTraces, (traces) => {
        expect(plainTraces(decodeTraces(encodeTraces(traces)))).toEqual(traces)
      }),
    )
  })

  it('means to protobufjs what it means to us, both ways', () => {
    fc.assert(
      fc.property(arbitraryTraces, (traces) => {
        const ours = encodeTraces(traces)
        const theirs = oracleRequest.encode(oracleRequest.decode(ours)).finish()
        expect(plainTraces(decodeTraces(theirs))).toEqual(traces)
        expect(meaningOf(encodeTraces(decodeTraces(theirs)))).toEqual(meaningOf(ours))
      }),
    )
  })

  it('skips what it does not know, wherever that stands', () => {
    const known = encodeTraces(sampleTraces(2))
    // Field 1000 as varint, 64-bit, length-delimited, group and 32-bit.
    const unknown = Buffer.from('c03e01c13e0102030405060708c23e03616263c33e0801c43ec53e01020304', 'hex')
    expect(plainTraces(decodeTraces(Buffer.concat([unknown, known, unknown])))).toEqual(sampleTraces(2))
  })

  it('merges a resource that comes in two parts, and lets the last value of a oneof win', () => {
    const both = Buffer.concat([inner('a'), inner('b')])
    const decoded = decodeTraces(Buffer.concat([Buffer.from([0x0a, both.length]), both]))
    expect(decoded.resourceSpans[0]?.resource.attributes.map(({ key }) => key)).toEqual(['a', 'b'])
  })

  it('refuses bytes that are no request, and nothing else happens', () => {
    const valid = encodeTraces(sampleTraces(3))
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length), (position, byte, length) => {
        const mutated = Buffer.from(valid)
        mutated[position] = byte
        try {
          decodeTraces(mutated.subarray(0, length))
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['a length past the end', '0aff01'],
    ['a varint without an end', `0a0c${'ff'.repeat(11)}`],
    ['field number 0', '0000'],
    ['a wire type that does not exist', '0f'],
    ['a group that never ends', '0b'],
  ])('refuses %s', (_name, hex) => {
    expect(() => decodeTraces(Buffer.from(hex, 'hex'))).toThrow(MalformedError)
  })

  it('refuses ids of a wrong length and values nested without end', () => {
    const deep: Traces = sampleTraces(1)
    let value = {}
    for (let depth = 0; depth < 2000; depth += 1) value = { arrayValue: { values: [value] } }
    deep.resourceSpans[0]!.resource.attributes.push({ key: 'deep', value })
    expect(() => decodeTraces(encodeTraces(deep))).toThrow('nested deeper than 64')
    expect(() => decodeTraces(Buffer.from('0a06120412020a00', 'hex'))).not.toThrow()
    expect(() => decodeTraces(Buffer.from('0a07120512030a01aa', 'hex'))).toThrow('an id of 1 bytes, not 16')
  })
})

describe('JSON', () => {
  it('gives back whatever it wrote', () => {
    fc.assert(
      fc.property(arbitraryTraces, (traces) => {
        expect(parseTraces(JSON.stringify(tracesToJson(traces)))).toEqual(traces)
      }),
    )
  })

  it('keeps 64-bit integers exact, quoted or not', () => {
    for (const start of ['"1790000000123456789"', '1790000000123456789'])
      expect(parseTraces(spanStartingAt(start)).resourceSpans[0]?.scopeSpans[0]?.spans[0]?.startTimeUnixNano).toBe(
        1790000000123456789n,
      )
  })

  it('takes ids in either case, ignores keys it does not know, and treats null as absent', () => {
    const text = `{"later":1,"resourceSpans":[{"resource":null,"scopeSpans":[{"spans":[{"traceId":"${'AB'.repeat(16)}","new":{},"status":null,"attributes":[{"key":"a","value":null}]}]}]}]}`
    const span = parseTraces(text).resourceSpans[0]?.scopeSpans[0]?.spans[0]
    expect(span).toMatchObject({ traceId: 'ab'.repeat(16), attributes: [{ key: 'a', value: {} }], status: { code: 0 } })
  })

  it.each([
    ['not JSON', '{'],
    ['a list', '[]'],
    ['a list that is none', '{"resourceSpans":{}}'],
    ['an id that is not hex', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"zz"}]}]}]}'],
    ['a number out of range', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":1e12}]}]}]}'],
    ['a name that is a number', '{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":5}]}]}]}'],
  ])('refuses %s', (_name, text) => {
    expect(() => parseTraces(text)).toThrow(MalformedError)
  })
})
