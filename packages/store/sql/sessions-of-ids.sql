-- The newest row of every given session.
SELECT
@session-versions
FROM sessions AS s
WHERE s.project = {project:String} AND s.session_id IN {ids:Array(String)}
GROUP BY session_id, version
ORDER BY version DESC
LIMIT 1 BY session_id
