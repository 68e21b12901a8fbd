-- Events of the strands of sessions that the filters choose.
  AND (own_key, scope) IN
      (
        SELECT part.1, part.2
        FROM
        (
            SELECT * FROM sessions FINAL
            WHERE project = {project:String} AND session_id < {before_id:String}
              AND superseded_by = '' AND is_deleted = 0
              AND end >= fromUnixTimestamp64Nano({from:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64})
@reads/session-choice
        )
        ARRAY JOIN arrayZip(part_own_keys, part_scopes) AS part
      )
