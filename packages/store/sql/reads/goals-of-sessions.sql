SELECT session_id, category, name, outcome
FROM session_goals FINAL
WHERE project = {project:String} AND session_id IN {ids:Array(String)}
