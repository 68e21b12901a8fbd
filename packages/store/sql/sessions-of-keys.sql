-- The newest row of every session, live or superseded, that the keys ever had with a start in the
-- range of the key.
WITH ranges AS
(
    SELECT r.1 AS key, r.2 AS lower, r.3 AS upper
    FROM (SELECT arrayJoin(arrayZip({keys:Array(String)}, {lowers:Array(Int64)}, {uppers:Array(Int64)})) AS r)
)
SELECT
    session_id, s.key AS key, version, content_hash, superseded_by, is_deleted,
    toUnixTimestamp64Nano(start) AS start_ns, toUnixTimestamp64Nano(end) AS end_ns,
    first_event_id, first_own_key, first_scope
FROM sessions AS s
INNER JOIN ranges ON ranges.key = s.key
WHERE project = {project:String} AND s.key IN {keys:Array(String)}
  AND session_id >= {first_id:String} AND session_id < {end_id:String}
  AND start_ns >= ranges.lower AND start_ns <= ranges.upper
ORDER BY version DESC
LIMIT 1 BY session_id
