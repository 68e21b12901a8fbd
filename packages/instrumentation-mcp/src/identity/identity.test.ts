import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instrumentServer } from '../instrument.js'
import { settleWaitingSpans } from '../meaning/waiting-spans.js'
import { instrumentationStats } from '../stats.js'
import { connect, SDKS, type Sdk } from '../testing/pairs.js'
import { eventually, gate, startTelemetry, type Telemetry } from '../testing/telemetry.js'
import { publishCustomEvent } from './custom-event.js'
import type { HookRequest, UserIdentity } from './hooks.js'

let telemetry: Telemetry
beforeEach(() => {
  telemetry = startTelemetry()
})
afterEach(() => telemetry.stop())

const ok = (): object => ({ content: [{ type: 'text', text: 'ok' }] })

function openLogin(sdk: Sdk): ReturnType<typeof connect> {
  const server = instrumentServer(sdk.server(), { identify: byLogin })
  sdk.tool(server, 'login', { user: sdk.z.string() }, ok)
  sdk.tool(server, 'x', {}, ok)
  return connect(sdk, server)
}

/** Knows the user of a login, and of nothing else. */
function byLogin(request: HookRequest): UserIdentity | undefined {
  const args = request.params?.['arguments'] as { user?: string } | undefined
  return args?.user === undefined ? undefined : { userId: args.user }
}

describe.each(SDKS)('identify, SDK $name', (sdk) => {
  it('is not awaited by the call, and reaches the span all the same', async () => {
    const answer = gate()
    const server = instrumentServer(sdk.server(), {
      identify: async () => {
        await answer.opened
        return { userId: 'u1', userName: 'Ada', userData: { email: 'ada@example.org', plan: 'pro', seats: 3 } }
      },
    })
    sdk.tool(server, 'x', {}, ok)
    const client = await connect(sdk, server)
    // The call is answered while `identify` still waits.
    await client.callTool({ name: 'x', arguments: {} })
    expect(telemetry.server('tools/call')).toEqual([])
    const answered = performance.now()
    answer.open()
    const span = await eventually(() => telemetry.server('tools/call')[0])
    expect(span.attributes).toMatchObject({
      'user.id': 'u1',
      'user.name': 'Ada',
      'user.email': 'ada@example.org',
      'mcpcat.user.plan': 'pro',
      'mcpcat.user.seats': 3,
    })
    // The span ended when the call did, not when the hook did.
    const [seconds, nanos] = span.endTime
    expect(seconds * 1000 + nanos / 1e6 - performance.timeOrigin).toBeLessThanOrEqual(answered + 5)
    await client.close()
  })

  it('that comes too late is dropped and counted', async () => {
    const server = instrumentServer(sdk.server(), { identify: () => new Promise<never>(() => undefined) })
    sdk.tool(server, 'x', {}, ok)
    const client = await connect(sdk, server)
    await client.callTool({ name: 'x', arguments: {} })
    const before = instrumentationStats().hooksDropped
    settleWaitingSpans()
    expect(telemetry.server('tools/call')[0]?.attributes).not.toHaveProperty(['user.id'])
    expect(instrumentationStats().hooksDropped).toBeGreaterThan(before)
    await client.close()
  })

  it('that throws, rejects or returns nonsense harms nothing', async () => {
    const answers: (() => unknown)[] = [
      () => {
        throw new Error('sync')
      },
      () => Promise.reject(new Error('async')),
      () => 'nonsense',
      () => ({ userId: '' }),
      () => null,
    ]
    const server = instrumentServer(sdk.server(), { identify: () => answers.shift()?.() as UserIdentity })
    sdk.tool(server, 'x', {}, ok)
    const client = await connect(sdk, server)
    for (let call = 0; call < 5; call += 1) expect((await client.callTool({ name: 'x' })).isError).toBeFalsy()
    await eventually(() => telemetry.server('tools/call').length === 5)
    expect(telemetry.spans().some((span) => 'user.id' in span.attributes)).toBe(false)
    await client.close()
  })

  it('is remembered for the session when it later says nothing, and never for another', async () => {
    const [one, two, three] = await Promise.all([openLogin(sdk), openLogin(sdk), openLogin(sdk)])
    await Promise.all([
      one.callTool({ name: 'login', arguments: { user: 'a' } }),
      two.callTool({ name: 'login', arguments: { user: 'b' } }),
    ])
    for (const client of [one, two, three, one, two]) await client.callTool({ name: 'x', arguments: {} })
    await eventually(() => telemetry.server('tools/call').length === 7)
    const users = new Map<unknown, Set<unknown>>()
    for (const span of telemetry.server('tools/call')) {
      const session = span.attributes['session.id']
      users.set(session, (users.get(session) ?? new Set()).add(span.attributes['user.id']))
    }
    expect([...users.values()].map((seen) => [...seen])).toEqual([['a'], ['b'], [undefined]])
    await Promise.all([one.close(), two.close(), three.close()])
  })
})

describe.each(SDKS)('tags and properties, SDK $name', (sdk) => {
  it('reach the span, within their rules', async () => {
    const server = instrumentServer(sdk.server(), {
      eventTags: () => ({
        env: 'prod',
        'bad/key': 'x',
        long: 'x'.repeat(201),
        lines: 'a\nb',
        ...Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`t${index}`, 'v'])),
      }),
      eventProperties: () => Promise.resolve({ deep: { list: [1, 2] } }),
    })
    sdk.tool(server, 'x', {}, ok)
    const client = await connect(sdk, server)
    await client.callTool({ name: 'x', arguments: {} })
    const { attributes } = await eventually(() => telemetry.server('tools/call')[0])
    expect(attributes['mcpcat.tag.env']).toBe('prod')
    expect(Object.keys(attributes).filter((key) => key.startsWith('mcpcat.tag.'))).toHaveLength(50)
    for (const key of ['bad/key', 'long', 'lines']) expect(attributes).not.toHaveProperty([`mcpcat.tag.${key}`])
    expect(JSON.parse(String(attributes['mcpcat.properties']))).toEqual({ deep: { list: [1, 2] } })
    await client.close()
  })
})

describe.each(SDKS)('custom events, SDK $name', (sdk) => {
  it('belong to the session, the user and the request in which they happen', async () => {
    const server = instrumentServer(sdk.server(), { identify: () => ({ userId: 'u7' }) })
    sdk.tool(server, 'pay', {}, () => {
      publishCustomEvent(server, { resourceName: 'payment', message: 'paid', duration: 12.5, tags: { kind: 'card' } })
      return ok()
    })
    const client = await connect(sdk, server)
    await client.callTool({ name: 'pay', arguments: {} })
    publishCustomEvent(server, { resourceName: 'refund', error: new RangeError('too much') })
    const call = await eventually(() => telemetry.server('tools/call')[0])
    const payment = telemetry.spans().find(({ name }) => name === 'payment')
    expect(payment?.parentSpanContext?.spanId).toBe(call.spanContext().spanId)
    expect(payment?.attributes).toMatchObject({
      'mcpcat.event.type': 'custom',
      'mcpcat.intent': 'paid',
      'mcpcat.tag.kind': 'card',
      'session.id': call.attributes['session.id'],
      'user.id': 'u7',
      'mcp.client.name': 'test-client',
    })
    expect(payment?.duration[1]).toBeCloseTo(12_500_000, -5)
    const refund = telemetry.spans().find(({ name }) => name === 'refund')
    expect(refund?.attributes).toMatchObject({ 'error.type': 'RangeError', 'user.id': 'u7' })
    publishCustomEvent('session-1', { resourceName: 'by-id' })
    const byId = telemetry.spans().find(({ name }) => name === 'by-id')
    expect(byId?.attributes['mcp.session.id']).toBe('session-1')
    await client.close()
  })
})
