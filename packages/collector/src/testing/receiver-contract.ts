import assert from 'node:assert/strict'
import type { Component, Endpoint, Host, ReceiverFactory } from '../component.js'
import type { Consumer } from '../consumer.js'
import { RetryableError } from '../errors.js'
import { testContext, testHost } from './context.js'
import { configCases, lifecycleCases, parse, type ContractCase, type ContractOptions } from './contract.js'
import { recordingConsumer } from './recording-consumer.js'

interface ReceiverOptions extends ContractOptions {
  /** Sends one span the way real senders do; rejects when it is not acknowledged. */
  readonly send: (endpoints: readonly Endpoint[]) => Promise<void>
}

export function receiverContract(
  factory: ReceiverFactory,
  { config, host = testHost(), send }: ReceiverOptions,
): ContractCase[] {
  const create = (next: Consumer = recordingConsumer()): Component =>
    factory.create(parse(factory, config), testContext(factory.type), next)
  return [
    ...configCases(factory, config),
    ...lifecycleCases(create, host),
    {
      name: 'hands on what it acknowledges',
      run: () =>
        withReceiver(create, host, async (receiver, next) => {
          await send(receiver.endpoints?.() ?? [])
          assert.equal(next.spans.length, 1)
        }),
    },
    {
      name: 'acknowledges nothing that the pipeline refuses',
      run: () =>
        withReceiver(create, host, async (receiver, next) => {
          next.behaviour = () => Promise.reject(new RetryableError('not now'))
          await assert.rejects(send(receiver.endpoints?.() ?? []))
        }),
    },
    {
      name: 'takes nothing once it has stopped',
      run: () =>
        withReceiver(create, host, async (receiver) => {
          const endpoints = receiver.endpoints?.() ?? []
          await receiver.shutdown?.()
          await assert.rejects(send(endpoints))
        }),
    },
  ]
}

async function withReceiver(
  create: (next: Consumer) => Component,
  host: Host,
  use: (receiver: Component, next: ReturnType<typeof recordingConsumer>) => Promise<void>,
): Promise<void> {
  const next = recordingConsumer()
  const receiver = create(next)
  await receiver.start?.(host)
  try {
    await use(receiver, next)
  } finally {
    await receiver.shutdown?.()
  }
}
