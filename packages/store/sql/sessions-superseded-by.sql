-- The newest row of every session that one of the given sessions superseded.
SELECT
    session_id, key, version, content_hash, superseded_by, is_deleted,
    toUnixTimestamp64Nano(start) AS start_ns, toUnixTimestamp64Nano(end) AS end_ns,
    first_event_id, first_own_key, first_scope
FROM sessions
WHERE project = {project:String} AND session_id IN (
    SELECT session_id FROM sessions WHERE project = {project:String} AND superseded_by IN {ids:Array(String)}
)
ORDER BY version DESC
LIMIT 1 BY session_id
