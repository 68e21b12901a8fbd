-- Sessions that ended, and whose newest goal is of other content, or none.
SELECT s.session_id AS id, toUnixTimestamp64Nano(s.end) AS end_ns, s.content_hash AS content_hash
FROM
(
    SELECT session_id, end, content_hash FROM sessions FINAL
    WHERE project = {project:String} AND superseded_by = '' AND is_deleted = 0
      AND end < fromUnixTimestamp64Nano({ended_before:Int64})
) AS s
LEFT JOIN
(
    SELECT session_id, content_hash FROM session_goals FINAL WHERE project = {project:String}
) AS g ON g.session_id = s.session_id
WHERE g.content_hash != s.content_hash
ORDER BY s.end, id
LIMIT {limit:UInt32}
