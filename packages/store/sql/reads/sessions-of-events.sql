-- Of each event (own_keys[i], scopes[i], starts[i]) the fragments of live sessions that may hold it: those
-- of its strand. Sessions between `from` and `to` are looked at: all that can hold one of the events.
SELECT
    session_id, user_id, client_name, part.1 AS own_key, part.2 AS scope,
    toUnixTimestamp64Nano(part.3) AS first_ns, toUnixTimestamp64Nano(part.4) AS last_ns
FROM
(
    SELECT session_id, user_id, client_name, part_own_keys, part_scopes, part_starts, part_ends
    FROM sessions FINAL
    WHERE project = {project:String} AND session_id < {before_id:String}
      AND superseded_by = '' AND is_deleted = 0
      AND end >= fromUnixTimestamp64Nano({from:Int64}) AND start <= fromUnixTimestamp64Nano({to:Int64})
      AND arrayExists(at -> at >= toUnixTimestamp64Nano(start) AND at <= toUnixTimestamp64Nano(end), {starts:Array(Int64)})
)
ARRAY JOIN arrayZip(part_own_keys, part_scopes, part_starts, part_ends) AS part
WHERE has({own_keys:Array(String)}, part.1) AND has({scopes:Array(String)}, part.2)
  AND arrayExists(at -> at >= toUnixTimestamp64Nano(part.3) AND at <= toUnixTimestamp64Nano(part.4), {starts:Array(Int64)})
