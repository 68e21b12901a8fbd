DELETE FROM sessions WHERE project = {project:String} AND session_id IN {ids:Array(String)}
