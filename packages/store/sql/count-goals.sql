-- Goals of a project's sessions, which superseded ids are none of.
SELECT count() AS goals
FROM session_goals FINAL
WHERE project = {project:String} AND session_id IN
(
    SELECT session_id FROM sessions FINAL WHERE project = {project:String} AND superseded_by = '' AND is_deleted = 0
)
