// Makes a store larger by copies of itself, moved in time: in the engine, so that ten million events
// take minutes and not an hour. Copies are sessions of their own, of the same users.
import { Session, drainPending } from 'chdb'

const MOVED_ID = `concat('ses_', arrayStringConcat(arrayMap(i -> substring('0123456789abcdefghjkmnpqrstvwxyz',
  toUInt8(bitAnd(bitShiftRight(toUnixTimestamp64Milli(start - INTERVAL {seconds:UInt32} SECOND), 5 * (9 - i)), 31)) + 1, 1),
  range(10))), substring(session_id, 15))`

const COPIES = [
  `INSERT INTO events SELECT * REPLACE (
     ts - INTERVAL {seconds:UInt32} SECOND AS ts, end_ts - INTERVAL {seconds:UInt32} SECOND AS end_ts,
     concat(event_id, {mark:String}) AS event_id, concat(scope, {mark:String}) AS scope,
     concat(mcp_session_id, {mark:String}) AS mcp_session_id,
     if(rung = 'raw', concat(actor, {mark:String}), actor) AS actor)
   FROM (SELECT * FROM events WHERE NOT match(event_id, '-c[0-9]+$'))`,
  `INSERT INTO strands SELECT * REPLACE (
     concat(scope, {mark:String}) AS scope, if(rung = 'raw', concat(actor, {mark:String}), actor) AS actor,
     (first.1 - toInt64({seconds:UInt32}) * 1000000000, concat(first.2, {mark:String})) AS first,
     last_end - toInt64({seconds:UInt32}) * 1000000000 AS last_end)
   FROM (SELECT * FROM strands WHERE NOT match(scope, '-c[0-9]+$'))`,
  `INSERT INTO sessions SELECT * REPLACE (
     ${MOVED_ID} AS session_id, start - INTERVAL {seconds:UInt32} SECOND AS start,
     end - INTERVAL {seconds:UInt32} SECOND AS end, concat(first_event_id, {mark:String}) AS first_event_id,
     concat(first_scope, {mark:String}) AS first_scope, arrayMap(s -> concat(s, {mark:String}), part_scopes) AS part_scopes,
     arrayMap(s -> concat(s, {mark:String}), mcp_session_ids) AS mcp_session_ids,
     arrayMap(t -> t - INTERVAL {seconds:UInt32} SECOND, part_starts) AS part_starts,
     arrayMap(t -> t - INTERVAL {seconds:UInt32} SECOND, part_ends) AS part_ends)
   FROM (SELECT * FROM sessions FINAL
     WHERE superseded_by = '' AND is_deleted = 0 AND NOT match(first_scope, '-c[0-9]+$'))`,
]

/**
 * @param {string} folder the engine's, of a store that is closed
 * @param {number} copies how many
 * @param {number} seconds how far each one lies before the one after it
 */
export async function multiply(folder, copies, seconds) {
  const session = new Session(folder, { connectionArgs: ['--async_load_databases=0'] })
  for (let copy = 1; copy <= copies; copy++) {
    for (const statement of COPIES) {
      await session.queryBindAsync(statement, { seconds: copy * seconds, mark: `-c${copy}` })
    }
    console.log(`  copy ${copy} of ${copies}`)
  }
  await drainPending()
  session.close()
  await drainPending()
}

/** Rows of a query, as numbers of milliseconds it took: for what the store's API does not ask yet. */
export async function timeSql(folder, queries, time) {
  const session = new Session(folder, { connectionArgs: ['--async_load_databases=0'] })
  for (const [name, statement] of Object.entries(queries)) {
    await time(name, async () => (await session.queryAsync(statement, { format: 'JSONEachRow' })).text())
  }
  const [{ count }] = (await session.queryAsync('SELECT count() AS count FROM events', { format: 'JSONEachRow' }))
    .text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  await drainPending()
  session.close()
  await drainPending()
  return Number(count)
}
