-- The days are said beside the times because the sorting key begins with them.
  project = {project:String}
  AND toDate(ts) >= toDate(fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
  AND toDate(ts) <= toDate(fromUnixTimestamp64Nano({to:Int64}, 'UTC'))
  AND ts >= fromUnixTimestamp64Nano({from:Int64}) AND ts < fromUnixTimestamp64Nano({to:Int64})
  AND ({server:String} = '' OR server_name = {server:String})
  AND ({tool:String} = '' OR (method = 'tools/call' AND target = {tool:String}))
  AND ({status:String} = '' OR is_error = ({status:String} = 'error'))
  AND (empty({tag_keys:Array(String)})
       OR arrayAll((key, value) -> tags[key] = value, {tag_keys:Array(String)}, {tag_values:Array(String)}))
  AND (NOT {by_session:Bool} OR (own_key, scope) IN
      (
        SELECT part.1, part.2
        FROM
        (
            SELECT * FROM sessions FINAL
            WHERE project = {project:String} AND session_id < {before_id:String}
              AND superseded_by = '' AND is_deleted = 0
              AND end >= fromUnixTimestamp64Nano({from:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64})
              AND (
@reads/session-choice
              )
        )
        ARRAY JOIN arrayZip(part_own_keys, part_scopes) AS part
      ))
  AND (NOT {both_sides:Bool} OR kind != 'client' OR (trace_id, span_id) NOT IN
      (
        SELECT trace_id, parent_span_id FROM events
        WHERE project = {project:String} AND kind = 'server' AND parent_span_id != ''
          AND toDate(ts) >= toDate(fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
          AND toDate(ts) <= toDate(fromUnixTimestamp64Nano({to:Int64}, 'UTC')) + 1
      ))
