-- Every version of the rows of the user's sessions, and of what these superseded.
ALTER TABLE sessions DELETE
WHERE project = {project:String} AND session_id IN
(
    SELECT session_id FROM (SELECT * FROM sessions FINAL WHERE project = {project:String})
    WHERE user_id = {user:String} OR superseded_by IN
    (
        SELECT session_id FROM (SELECT * FROM sessions FINAL WHERE project = {project:String})
        WHERE user_id = {user:String}
    )
)
SETTINGS mutations_sync = 2
