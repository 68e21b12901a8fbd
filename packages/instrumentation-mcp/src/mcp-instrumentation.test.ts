import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { McpInstrumentation } from './mcp-instrumentation.js'
import { PROTOCOL_HOOK } from './patch/hook.js'
import { connect, SDKS } from './testing/pairs.js'
import { eventually, startTelemetry, type Telemetry } from './testing/telemetry.js'

describe.each(SDKS)('McpInstrumentation on SDK $name', (sdk) => {
  let telemetry: Telemetry
  beforeEach(() => {
    telemetry = startTelemetry()
  })
  afterEach(() => telemetry.stop())

  it('is hooked through the global hook while the instrumentation is enabled, and restored after', async () => {
    const server = sdk.server()
    const prototype = Object.getPrototypeOf(Object.getPrototypeOf(server.server)) as Record<string, unknown>
    const original = prototype['_onrequest']
    const instrumentation = new McpInstrumentation()
    const hook = (globalThis as Record<symbol, unknown>)[PROTOCOL_HOOK] as (instance: object) => void
    hook(server.server)
    expect(prototype['_onrequest']).not.toBe(original)
    const client = await connect(sdk, server)
    await client.ping()
    await eventually(() => telemetry.server('ping')[0])
    await client.close()
    instrumentation.disable()
    expect((globalThis as Record<symbol, unknown>)[PROTOCOL_HOOK]).toBeUndefined()
    expect(prototype['_onrequest']).toBe(original)
  })
})
