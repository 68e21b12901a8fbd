import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** Sessions of one event, which is told as it is, or broken. */
const SCRIPT = `
  const at = (file) => new URL(file, process.argv[1]).href
  const { defaultRules, KnownStrand } = await import('@mcpcat/sessions')
  const { BatchFacts } = await import(at('event-facts.js'))
  const { upkeepInThread } = await import(at('thread/upkeep-in-thread.js'))
  const inserted = []
  const engine = {
    exclusive: true,
    query: () => Promise.resolve([]),
    insertBlock: async (table, block) => void inserted.push(table + ' ' + block.rows),
  }
  const upkeep = upkeepInThread(engine, defaultRules)
  await upkeep.ready()
  const facts = new BatchFacts()
  const raw = 'protocol:1'
  const strand = { project: 'p', rung: 'raw', actor: raw, user: '', client: '', scope: raw, raw }
  facts.push({
    known: new KnownStrand(defaultRules, strand), isOf: () => true, pushIdTo: (ids) => ids.push('1'), pushIntentTo: (intents) => intents.push(''), eventId: '1', start: 1n, end: 2n, method: 'tools/call', target: 'add',
    is_error: false, is_missing_tool: false, intent: '', mcp_session_id: '1', user_id: '', user_name: '', user_traits: [],
    client_name: '', client_version: '', server_name: '', server_version: '', protocol_version: '', transport: '',
  })
  // An event that comes after itself.
  if (process.argv[2] === 'broken') facts.columns.next[0] = 7
  await upkeep.inserted(facts, performance.now())
  const { unfinished } = upkeep
  await upkeep.settled()
  console.log(JSON.stringify({ unfinished, after: upkeep.unfinished, inserted }))
`

function run(how: string): { status: number | null; stdout: string; stderr: string } {
  const dist = new URL('../../dist/', import.meta.url).href
  const options = { encoding: 'utf8', cwd: new URL('../..', import.meta.url), timeout: 30_000 } as const
  return spawnSync(process.execPath, ['--input-type=module', '--eval', SCRIPT, dist, how], options)
}

test('sessions are settled by a thread that keeps no process which is done', () => {
  const { status, stdout, stderr } = run('as it is')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(JSON.parse(stdout)).toEqual({ unfinished: true, after: false, inserted: ['strands 1', 'sessions 1'] })
})

test('an error in the thread ends the process, with its stack: what sessions lack is not lost silently', () => {
  const { status, stdout, stderr } = run('broken')
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toMatch(/TypeError[^]*recent-sessions/)
})
