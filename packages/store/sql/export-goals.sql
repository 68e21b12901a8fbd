INSERT INTO FUNCTION file({file:String}, 'Parquet')
SELECT * FROM session_goals FINAL
WHERE project = {project:String} AND session_id IN
(
    SELECT session_id FROM sessions FINAL WHERE project = {project:String} AND superseded_by = '' AND is_deleted = 0
)
