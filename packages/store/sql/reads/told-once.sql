-- Of what both sides told, what the server told.
  AND (kind != 'client' OR event_id NOT IN
      (
        SELECT concat(trace_id, '-', parent_span_id) FROM events
        WHERE project = {project:String} AND kind = 'server' AND parent_span_id != ''
          AND toDate(ts) >= toDate(fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
          AND toDate(ts) <= toDate(fromUnixTimestamp64Nano({to:Int64}, 'UTC')) + 1
      ))
