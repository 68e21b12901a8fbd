-- The live session whose fragments hold this event.
SELECT session_id
FROM sessions FINAL
WHERE project = {project:String} AND key IN {keys:Array(String)} AND superseded_by = '' AND is_deleted = 0
  AND arrayExists(
        (part_own_key, part_scope, part_start, part_end) ->
            part_own_key = {own_key:String} AND part_scope = {scope:String}
            AND toUnixTimestamp64Nano(part_start) <= {start:Int64} AND toUnixTimestamp64Nano(part_end) >= {start:Int64},
        part_own_keys, part_scopes, part_starts, part_ends)
LIMIT 1
