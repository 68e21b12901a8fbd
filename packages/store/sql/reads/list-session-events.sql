-- A page of a session's events in order of start: those of its strands within its fragments. The days
-- are said beside the times because the sorting key begins with them.
SELECT
    event_id, toUnixTimestamp64Nano(ts) AS start_ns, duration_ns, kind, method, target, is_error, error_type,
    jsonrpc_code, error_message, error_fingerprint, intent, trace_id, span_id, parent_span_id,
    length(request) AS request_size, length(response) AS response_size
FROM events FINAL
WHERE project = {project:String}
  AND own_key IN {own_keys:Array(String)}
  AND toDate(ts) >= toDate(fromUnixTimestamp64Nano({first:Int64}, 'UTC'))
  AND toDate(ts) <= toDate(fromUnixTimestamp64Nano({last:Int64}, 'UTC'))
  AND ts >= fromUnixTimestamp64Nano({first:Int64}) AND ts <= fromUnixTimestamp64Nano({last:Int64})
  AND arrayExists(
        (part_own_key, part_scope, part_start, part_end) ->
            own_key = part_own_key AND scope = part_scope
            AND toUnixTimestamp64Nano(ts) >= part_start AND toUnixTimestamp64Nano(ts) <= part_end,
        {own_keys:Array(String)}, {scopes:Array(String)}, {starts:Array(Int64)}, {ends:Array(Int64)})
  AND (toUnixTimestamp64Nano(ts), event_id) > ({cursor_value:Int64}, {cursor_id:String}) -- when cursor_id
ORDER BY ts, event_id
LIMIT {limit:UInt32}
