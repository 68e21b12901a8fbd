ALTER TABLE session_goals DELETE
WHERE project = {project:String} AND session_id IN {ids:Array(String)}
SETTINGS mutations_sync = 2
