-- The newest row of every session, live or superseded, that the keys ever had with a start in the
-- range of the key.
WITH ranges AS
(
    SELECT r.1 AS key, r.2 AS lower, r.3 AS upper
    FROM (SELECT arrayJoin(arrayZip({keys:Array(String)}, {lowers:Array(Int64)}, {uppers:Array(Int64)})) AS r)
)
SELECT
@session-versions
FROM sessions AS s
INNER JOIN ranges ON ranges.key = s.key
WHERE s.project = {project:String} AND s.key IN {keys:Array(String)}
  AND s.session_id >= {first_id:String} AND s.session_id < {end_id:String}
  AND toUnixTimestamp64Nano(s.start) >= ranges.lower AND toUnixTimestamp64Nano(s.start) <= ranges.upper
GROUP BY session_id, version
ORDER BY version DESC
LIMIT 1 BY session_id
