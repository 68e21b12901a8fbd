-- Live sessions that the filters choose. Ids sort by start, so that bounds of ids prune.
SELECT *
FROM sessions FINAL
WHERE project = {project:String}
  AND session_id >= {first_id:String} AND session_id < {before_id:String}
  AND superseded_by = '' AND is_deleted = 0
  AND end >= fromUnixTimestamp64Nano({from:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64})
  AND (
@reads/session-choice
  )
  AND ({server:String} = '' OR server_name = {server:String})
  AND ({tool:String} = '' OR has(tools, {tool:String}))
  AND ({status:String} = '' OR (errors > 0) = ({status:String} = 'error'))
  AND (empty({tag_keys:Array(String)}) OR session_id IN
      (
@reads/tagged-sessions
      ))
