ALTER TABLE strands DELETE
WHERE project = {project:String} AND scope IN {scopes:Array(String)}
SETTINGS mutations_sync = 2
