-- Failures with the session that holds each, and what it says of who was there.
SELECT e.*, p.session_id AS session_id, p.user_id AS session_user, p.client_name AS session_client, p.source AS session_source
FROM
(
@reads/failed-events
) AS e
LEFT JOIN
(
    SELECT session_id, user_id, client_name, source, part.1 AS own_key, part.2 AS scope, part.3 AS part_start, part.4 AS part_end
    FROM
    (
        SELECT * FROM sessions FINAL
        WHERE project = {project:String} AND session_id < {before_id:String}
          AND superseded_by = '' AND is_deleted = 0
          AND end >= fromUnixTimestamp64Nano({from:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64})
    )
    ARRAY JOIN arrayZip(part_own_keys, part_scopes, part_starts, part_ends) AS part
) AS p ON e.own_key = p.own_key AND e.scope = p.scope
WHERE p.session_id = '' OR (e.ts >= p.part_start AND e.ts <= p.part_end)
