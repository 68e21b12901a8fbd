import { expect, test } from 'vitest'
import type { SessionEvent } from '../../api/answers.js'
import { retryAttempts } from './retries.js'

function call(id: string, target: string, isError = false): SessionEvent {
  return { id, method: 'tools/call', target, isError } as SessionEvent
}

test('failed, failed, then ok is one chain', () => {
  const attempts = retryAttempts([
    call('1', 'other', true),
    call('2', 'run', true),
    call('3', 'run', true),
    call('4', 'run'),
    call('5', 'run'),
  ])
  expect([...attempts]).toEqual([
    ['2', { number: 1, place: 'first' }],
    ['3', { number: 2, place: 'middle' }],
    ['4', { number: 3, place: 'last' }],
  ])
})

test('a call that worked is not tried again', () => {
  expect(retryAttempts([call('1', 'run'), call('2', 'run')]).size).toBe(0)
})
