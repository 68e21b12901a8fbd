-- Of sessions that are the same here: of others, which have other events too, it says nothing.
INSERT INTO session_goals
SELECT * FROM file({file:String}, 'Parquet')
WHERE (project, session_id) IN
(
    SELECT project, session_id FROM sessions FINAL WHERE superseded_by = '' AND is_deleted = 0
)
