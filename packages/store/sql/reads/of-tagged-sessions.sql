-- Sessions with an event that has all the tags.
  AND session_id IN
  (
SELECT p.session_id
FROM
(
    SELECT session_id, part.1 AS own_key, part.2 AS scope, part.3 AS start, part.4 AS end
    FROM
    (
        SELECT * FROM sessions FINAL
        WHERE project = {project:String} AND session_id < {before_id:String}
          AND superseded_by = '' AND is_deleted = 0
          AND end >= fromUnixTimestamp64Nano({from:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64})
    )
    ARRAY JOIN arrayZip(part_own_keys, part_scopes, part_starts, part_ends) AS part
) AS p
INNER JOIN
(
    SELECT own_key, scope, ts FROM events
    WHERE project = {project:String}
      AND arrayAll((key, value) -> tags[key] = value, {tag_keys:Array(String)}, {tag_values:Array(String)})
) AS e ON e.own_key = p.own_key AND e.scope = p.scope
WHERE e.ts >= p.start AND e.ts <= p.end
  )
