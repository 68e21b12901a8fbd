import assert from 'node:assert/strict'
import type { PayloadSignal } from '../batch.js'
import { signalsOf, type Component, type ExtensionFactory, type Factory, type Host } from '../component.js'
import { testContext, testHost } from './context.js'

/** One thing that every component of a kind must do; `run` rejects when it does not. */
export interface ContractCase {
  readonly name: string
  readonly run: () => Promise<void>
}

export interface ContractOptions {
  /** Settings as they would stand in the YAML, with ports of 0 and files in a temporary folder. */
  readonly config: Record<string, unknown>
  /** For a component that asks for extensions. */
  readonly host?: Host
}

/** @example for (const { name, run } of extensionContract(factory, { config: {} })) it(name, run) */
export function extensionContract(factory: ExtensionFactory, { config, host }: ContractOptions): ContractCase[] {
  return [
    ...configCases(factory, config),
    ...lifecycleCases(() => factory.create(parse(factory, config), testContext(factory.type)), host),
  ]
}

export function configCases(factory: Factory, config: Record<string, unknown>): ContractCase[] {
  return [
    {
      name: 'describes itself in one line',
      async run() {
        assert.match(factory.type, /^[a-z][a-z0-9_]*$/)
        assert.match(factory.description, /^\S.*\S$/)
      },
    },
    {
      name: 'accepts its settings and refuses a key that it does not know',
      async run() {
        assert.ok(factory.configSchema.safeParse(config).success)
        assert.ok(!factory.configSchema.safeParse({ ...config, no_such_key: 1 }).success)
      },
    },
  ]
}

export function lifecycleCases(create: () => Component, host: Host = testHost()): ContractCase[] {
  return [
    {
      name: 'starts and stops, and another one can follow',
      async run() {
        for (let round = 0; round < 2; round += 1) {
          const component = create()
          await component.start?.(host)
          await component.shutdown?.()
        }
      },
    },
    {
      name: 'stops without having started',
      async run() {
        await create().shutdown?.()
      },
    },
  ]
}

export function parse<Config>(factory: { configSchema: { parse(input: unknown): Config } }, config: unknown): Config {
  return factory.configSchema.parse(config)
}

/** What a component takes beside traces. */
export function payloadSignals(factory: Factory): PayloadSignal[] {
  return signalsOf(factory).filter((signal) => signal !== 'traces')
}
