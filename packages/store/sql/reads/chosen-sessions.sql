-- Live sessions that the filters choose. Ids sort by start, so that bounds of ids prune.
SELECT *
FROM sessions FINAL
WHERE project = {project:String}
  AND session_id >= {first_id:String} -- when first_id
  AND session_id < {before_id:String}
  AND superseded_by = '' AND is_deleted = 0
  AND end >= fromUnixTimestamp64Nano({from:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64})
@reads/session-choice
  AND server_name = {server:String} -- when server
  AND has(tools, {tool:String}) -- when tool
  AND (errors > 0) = ({status:String} = 'error') -- when status
@reads/of-tagged-sessions -- when tag_keys
