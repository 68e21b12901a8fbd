// Makes a store larger by copies of its last day, moved back in time: in the engine, so that ten
// million events take minutes and not an hour. Copies are sessions of their own, with ids of their own,
// of the same users.
import { Session, drainPending } from 'chdb'

const MOVED_ID = `concat('ses_', arrayStringConcat(arrayMap(i -> substring('0123456789abcdefghjkmnpqrstvwxyz',
  toUInt8(bitAnd(bitShiftRight(toUnixTimestamp64Milli(start - INTERVAL {days:UInt32} DAY), 5 * (9 - i)), 31)) + 1, 1),
  range(10))), substring(session_id, 15))`
const hash = (text) => `lower(hex(MD5(concat(${text}, {mark:String}))))`
const eventId = (id) =>
  `concat(${hash(`substring(${id}, 1, 32)`)}, '-', substring(${hash(`substring(${id}, 34)`)}, 1, 16))`
/** Without a user, a key is of the raw session, and the copy's is another one. */
const key = (name) => `if(rung = 'raw', ${hash(name)}, ${name})`
const marked = (name) => `concat(${name}, {mark:String})`
const moved = (name) => `${name} - INTERVAL {days:UInt32} DAY`

const STATEMENTS = [
  `INSERT INTO events SELECT * REPLACE (
     ${moved('ts')} AS ts, ${moved('end_ts')} AS end_ts, ${key('own_key')} AS own_key,
     ${eventId('event_id')} AS event_id, ${marked('scope')} AS scope,
     ${marked('mcp_session_id')} AS mcp_session_id, if(rung = 'raw', ${marked('actor')}, actor) AS actor)
   FROM (SELECT * FROM events FINAL WHERE ts >= toDateTime64({day:String}, 9, 'UTC'))`,
  `INSERT INTO strands SELECT * REPLACE (
     ${marked('scope')} AS scope, ${key('own_key')} AS own_key, if(rung = 'raw', ${marked('actor')}, actor) AS actor,
     (first.1 - toInt64({days:UInt32}) * 86400000000000, ${eventId('first.2')}) AS first,
     last_end - toInt64({days:UInt32}) * 86400000000000 AS last_end)
   FROM (SELECT * FROM strands FINAL WHERE last_end >= toUnixTimestamp64Nano(toDateTime64({day:String}, 9, 'UTC')))`,
  `INSERT INTO sessions SELECT * REPLACE (
     ${MOVED_ID} AS session_id, ${moved('start')} AS start, ${moved('end')} AS end,
     ${eventId('first_event_id')} AS first_event_id, ${marked('first_scope')} AS first_scope, ${key('key')} AS key,
     ${key('first_own_key')} AS first_own_key,
     arrayMap(k -> ${key('k')}, part_own_keys) AS part_own_keys,
     arrayMap(s -> ${marked('s')}, part_scopes) AS part_scopes,
     arrayMap(s -> ${marked('s')}, mcp_session_ids) AS mcp_session_ids,
     arrayMap(t -> ${moved('t')}, part_starts) AS part_starts, arrayMap(t -> ${moved('t')}, part_ends) AS part_ends)
   FROM (SELECT * FROM sessions FINAL
     WHERE superseded_by = '' AND is_deleted = 0 AND start >= toDateTime64({day:String}, 9, 'UTC'))`,
]

/**
 * @param {string} folder the engine's, of a store that is closed
 * @param {string} day midnight of the day that is copied, as ClickHouse writes it
 * @param {Iterable<number>} copies how many days before it each one lies
 */
export async function copyDay(folder, day, copies) {
  const session = new Session(folder, { connectionArgs: ['--async_load_databases=0'] })
  for (const days of copies) {
    for (const statement of STATEMENTS) await session.queryBindAsync(statement, { days, day, mark: `-${days}` })
    console.log(`  a copy ${days} days before`)
  }
  await drainPending()
  session.close()
  await drainPending()
}
