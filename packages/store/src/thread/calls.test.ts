import { MessageChannel } from 'node:worker_threads'
import { RetryableError, UserError } from '@mcpcat/collector'
import { afterEach, describe, expect, test } from 'vitest'
import { DiskFullError } from '../engine-errors.js'
import type { Answers, Calls } from './calls.js'
import { calls } from './calls.js'

let channel: MessageChannel

function between(answers: Answers): Calls {
  channel = new MessageChannel()
  calls(channel.port2, answers)
  return calls(channel.port1, {})
}

afterEach(() => {
  channel.port1.close()
})

async function thrown(error: unknown): Promise<Error> {
  const { call } = between({
    fail() {
      throw error
    },
  })
  try {
    await call('fail', [])
  } catch (reason) {
    return reason as Error
  }
  return expect.unreachable()
}

describe('calls between threads', () => {
  test('are answered, each with its own result, whichever comes first', async () => {
    const gate = Promise.withResolvers<void>()
    const { call } = between({
      slowly: async (value: number) => {
        await gate.promise
        return value
      },
      atOnce(value: number) {
        gate.resolve()
        return value
      },
    })
    expect(await Promise.all([call('slowly', [1]), call('slowly', [2]), call('atOnce', [3])])).toEqual([1, 2, 3])
  })

  test('hand buffers over', async () => {
    const { call } = between({ length: (bytes: Uint8Array) => bytes.length })
    const bytes = new Uint8Array(3)
    expect(await call('length', [bytes], [bytes.buffer])).toBe(3)
    expect(bytes.length).toBe(0)
  })

  test('fail as what was asked fails, with its class, its cause and when to come back', async () => {
    const full = await thrown(new DiskFullError('full', { retryAfterMs: 5000, cause: new TypeError('why') }))
    expect(full).toBeInstanceOf(DiskFullError)
    expect(full).toMatchObject({ message: 'full', retryAfterMs: 5000, cause: { message: 'why' } })
    const busy = await thrown(new RetryableError('busy'))
    expect(busy).toBeInstanceOf(RetryableError)
    expect(busy).not.toBeInstanceOf(DiskFullError)
    expect(await thrown(new UserError('do this'))).toBeInstanceOf(UserError)
    expect(await thrown('no error at all')).toMatchObject({ message: 'no error at all' })
    const stack = (await thrown(new Error('somewhere'))).stack
    expect(stack).toContain('calls.test')
  })

  test('fail where nobody answers, and when they are abandoned', async () => {
    const asking = between({ never: () => new Promise(() => undefined) })
    await expect(asking.call('nothing', [])).rejects.toThrow('nobody answers nothing')
    const left = asking.call('never', [])
    expect(asking.open).toBe(1)
    asking.abandon(new Error('the other one has ended'))
    await expect(left).rejects.toThrow('the other one has ended')
    expect(asking.open).toBe(0)
  })
})
