-- The newest row of every session that one of the given sessions superseded.
SELECT
@session-versions
FROM sessions AS s
WHERE s.project = {project:String} AND s.session_id IN (
    SELECT session_id FROM sessions WHERE project = {project:String} AND superseded_by IN {ids:Array(String)}
)
GROUP BY session_id, version
ORDER BY version DESC
LIMIT 1 BY session_id
