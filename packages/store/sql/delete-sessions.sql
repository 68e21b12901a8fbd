-- Every version of the rows of these sessions.
ALTER TABLE sessions DELETE
WHERE project = {project:String} AND session_id IN {ids:Array(String)}
SETTINGS mutations_sync = 2
