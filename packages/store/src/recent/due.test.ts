import { defaultRules } from '@mcpcat/sessions'
import { expect, test } from 'vitest'
import { BatchFacts } from '../event-facts.js'
import { EventReader } from '../event-reader.js'
import { sessionRows } from '../session-rows.js'
import type { HistoryEvent } from '../testing/history.js'
import { historyTraces } from '../testing/history.js'
import { T0 } from '../testing/spans.js'
import { recentSessions } from './recent-sessions.js'
import { seenKeys } from './seen-keys.js'

let sessions = recentSessions(defaultRules, seenKeys(defaultRules), 1000)
const rows = sessionRows()
let events = 0

/** @param at when the insert of it began. */
function heardOf(id: string, at: number): void {
  events += 1
  const event: HistoryEvent = {
    n: events,
    project: 'due',
    startMs: T0 + events,
    durationMs: 1,
    raw: { kind: 'protocol', id },
    traceId: events.toString(16).padStart(32, '0'),
    tool: 'tool',
    failed: false,
    intent: '',
  }
  const reader = new EventReader(defaultRules)
  const facts = new BatchFacts()
  for (const { resource, scopeSpans } of historyTraces([event]).resourceSpans) {
    for (const span of scopeSpans.flatMap(({ spans }) => spans)) if (reader.read(span, resource)) facts.push(reader)
  }
  sessions.add(facts, at)
}

/** How many strands and sessions a pass writes. */
function writtenAt(now?: number): [number, number] {
  rows.clear()
  const strands = sessions.takeStrands(now).length
  sessions.takeChanges(rows, now)
  sessions.written(rows.written)
  return [strands, rows.written.length]
}

test('a busy session waits to be written, until it is quiet, or for two seconds, or while nobody asks', () => {
  heardOf('a', 10_000)
  expect(writtenAt(10_400)).toEqual([0, 0])
  expect(sessions.waitsSince).toBe(10_000)
  expect(writtenAt(10_500)).toEqual([1, 1])
  expect(sessions.waitsSince).toBeUndefined()

  for (let at = 20_000; at < 22_000; at += 400) heardOf('a', at)
  heardOf('b', 21_700)
  expect(writtenAt(21_900)).toEqual([0, 0])
  expect(writtenAt(22_000)).toEqual([1, 1])
  expect(sessions.waitsSince).toBe(21_700)
  expect(writtenAt()).toEqual([1, 1])
  expect(writtenAt()).toEqual([0, 0])
})

test('what is not written yet is not let go of, within a bound', () => {
  sessions = recentSessions(defaultRules, seenKeys(defaultRules), 4)
  for (const id of ['c', 'd', 'e', 'f', 'g', 'h']) heardOf(id, 30_000)
  expect([sessions.events, sessions.hasLeft]).toEqual([6, false])
  expect(writtenAt()).toEqual([6, 6])
  heardOf('i', 30_000)
  expect([sessions.events, sessions.hasLeft]).toEqual([4, false])
  for (const id of ['j', 'k', 'l', 'm', 'n']) heardOf(id, 30_000)
  expect([sessions.events, sessions.hasLeft]).toEqual([6, false])
  for (const id of ['o', 'p', 'q']) heardOf(id, 30_000)
  expect([sessions.events, sessions.hasLeft]).toEqual([8, true])
})
