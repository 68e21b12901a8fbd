-- Ids that lead to sessions that ended before the cutoff, a page of them by id.
SELECT session_id AS id
FROM (SELECT session_id, superseded_by FROM sessions FINAL WHERE project = {project:String})
WHERE session_id > {after:String} AND superseded_by IN
(
    SELECT session_id
    FROM (SELECT session_id, end, superseded_by FROM sessions FINAL WHERE project = {project:String})
    WHERE superseded_by = '' AND toUnixTimestamp64Milli(end) < {cutoff:Int64}
)
ORDER BY session_id
LIMIT {limit:UInt32}
