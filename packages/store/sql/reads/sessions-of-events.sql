-- Of each event (own_keys[i], scopes[i], starts[i]) the live session whose fragments hold it. Sessions
-- between `from` and `to` are looked at: all that can hold one of the events.
SELECT e.1 AS own_key, e.2 AS scope, e.3 AS start, p.session_id AS session_id, p.user_id AS user_id, p.client_name AS client_name
FROM
(
    SELECT session_id, user_id, client_name, part.1 AS own_key, part.2 AS scope, part.3 AS start, part.4 AS end
    FROM
    (
        SELECT * FROM sessions FINAL
        WHERE project = {project:String} AND session_id < {before_id:String}
          AND superseded_by = '' AND is_deleted = 0
          AND end >= fromUnixTimestamp64Nano({from:Int64}) AND start <= fromUnixTimestamp64Nano({to:Int64})
          AND hasAny(part_own_keys, {own_keys:Array(String)})
    )
    ARRAY JOIN arrayZip(part_own_keys, part_scopes, part_starts, part_ends) AS part
) AS p
INNER JOIN
(
    SELECT arrayJoin(arrayZip({own_keys:Array(String)}, {scopes:Array(String)}, {starts:Array(Int64)})) AS e
) AS asked ON asked.e.1 = p.own_key AND asked.e.2 = p.scope
WHERE e.3 >= toUnixTimestamp64Nano(p.start) AND e.3 <= toUnixTimestamp64Nano(p.end)
