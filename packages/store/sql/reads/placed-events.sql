-- Counted events with the session that holds each, and what it says of who was there. Strands, sessions and
-- users are told apart by numbers, which join and count in half the time of their names; that two of a
-- period share one of 64 bits does not happen.
SELECT
    e.*, p.session AS session, p.user AS session_user,
    p.user_id AS session_user_id, p.client_name AS session_client, p.source AS session_source
FROM
(
    SELECT *, cityHash64(own_key, scope) AS strand
    FROM
    (
@reads/counted-events
    )
) AS e
LEFT JOIN
(
    SELECT
        cityHash64(session_id) AS session, if(user_id = '', 0, cityHash64(user_id)) AS user, user_id, client_name, source,
        cityHash64(part.1, part.2) AS strand, part.3 AS part_start, part.4 AS part_end
    FROM
    (
        SELECT * FROM sessions FINAL
        WHERE project = {project:String} AND session_id < {before_id:String}
          AND superseded_by = '' AND is_deleted = 0
          AND end >= fromUnixTimestamp64Nano({from:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64})
    )
    ARRAY JOIN arrayZip(part_own_keys, part_scopes, part_starts, part_ends) AS part
) AS p ON e.strand = p.strand
WHERE p.session = 0 OR (e.ts >= p.part_start AND e.ts <= p.part_end)
