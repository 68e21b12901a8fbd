-- The days are said beside the times because the sorting key begins with them.
  project = {project:String}
  AND toDate(ts) >= toDate(fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
  AND toDate(ts) <= toDate(fromUnixTimestamp64Nano({to:Int64}, 'UTC'))
  AND ts >= fromUnixTimestamp64Nano({from:Int64}) AND ts < fromUnixTimestamp64Nano({to:Int64})
  AND server_name = {server:String} -- when server
  AND method = 'tools/call' AND target = {tool:String} -- when tool
  AND is_error = ({status:String} = 'error') -- when status
  AND arrayAll((key, value) -> tags[key] = value, {tag_keys:Array(String)}, {tag_values:Array(String)}) -- when tag_keys
@reads/of-chosen-sessions -- when by_session
@reads/told-once -- when both_sides
