import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkRules, rulesFrom, sessionRulesShape } from './config.js'
import { defaultRules, readStrand, ownKey } from './index.js'

/** Stands for the collector's: minutes and seconds. */
function duration(fallback: string): z.ZodType<number, string | undefined> {
  return z
    .string()
    .regex(/^(\d+m)?(\d+s)?$/, 'expected a duration')
    .default(fallback)
    .transform((text) => {
      const [, minutes = '0m', seconds = '0s'] = /^(\d+m)?(\d+s)?$/.exec(text) ?? []
      return Number.parseInt(minutes, 10) * 60_000 + Number.parseInt(seconds, 10) * 1000
    })
}

const schema = z.strictObject(sessionRulesShape(duration)).superRefine(checkRules)

function actorOf(config: unknown, attributes: Record<string, string>): { rung: string; actor: string } {
  const rules = rulesFrom(schema.parse(config))
  const { rung, actor } = readStrand((name) => attributes[name], { eventId: 'e', traceId: 't' }, rules)
  return { rung, actor }
}

describe('rules from a configuration', () => {
  test('are the default ones when it says nothing', () => {
    expect(rulesFrom(schema.parse({}))).toEqual(defaultRules)
  })

  test('cut the ladder and change a rung', () => {
    const rules = rulesFrom(schema.parse({ gap: '10m', ladder: ['raw', { name: 'trace', limit: '1m30s' }] }))
    expect(rules.gapMs).toBe(600_000)
    expect(rules.ladder.map(({ name, limitMs }) => [name, limitMs])).toEqual([
      ['raw', 0],
      ['trace', 90_000],
    ])
    expect(actorOf({ ladder: ['raw'] }, { 'user.id': 'u' })).toEqual({ rung: 'isolated', actor: 'e' })
  })

  test('know further handles and rungs of one’s own', () => {
    expect(actorOf({ handles: ['app.chat'] }, { 'app.chat': 'c-1' })).toEqual({ rung: 'handle', actor: 'c-1' })
    const ladder = [{ name: 'tenant', attributes: ['app.tenant', ['app.login', 'app.name']] }, 'trace']
    expect(actorOf({ ladder }, { 'app.tenant': 'a', 'app.name': 'b' })).toEqual({ rung: 'tenant', actor: '["a","b"]' })
    expect(actorOf({ ladder }, { 'app.tenant': 'a' })).toEqual({ rung: 'trace', actor: 't' })
  })

  test('link a user only where users stand on the ladder', () => {
    const rules = rulesFrom(schema.parse({ ladder: ['raw'] }))
    const attributes: Record<string, string> = { 'user.id': 'u', 'mcp.session.id': 's' }
    const strand = readStrand((name) => attributes[name], { eventId: 'e', traceId: 't' }, rules)
    expect(ownKey(strand, rules)).toMatchObject({ rung: 'raw', actor: 'protocol:s' })
  })

  test.each([
    [{ ladder: ['usr'] }, 'ladder.0', 'usr is no known rung'],
    [{ ladder: ['user', 'user'] }, 'ladder.1', 'twice'],
    [{ ladder: [{ name: 'raw', attributes: ['x'] }] }, 'ladder.0.attributes', 'does not read attributes'],
    [{ gap: '30' }, 'gap', 'expected a duration'],
    [{ limits: {} }, '', 'limits'],
  ])('%j is refused at %s', (config, path, message) => {
    const { error } = schema.safeParse(config)
    expect(error?.issues[0]?.path.join('.')).toBe(path)
    expect(error?.issues[0]?.message).toContain(message)
  })
})
