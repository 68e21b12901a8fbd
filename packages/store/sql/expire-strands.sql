DELETE FROM strands WHERE project = {project:String} AND scope IN {ids:Array(String)}
