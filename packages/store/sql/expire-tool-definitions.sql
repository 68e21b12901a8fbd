-- Definitions that no server has listed for as long.
DELETE FROM tool_definitions WHERE project = {project:String} AND last_seen < fromUnixTimestamp64Milli({cutoff:Int64})
