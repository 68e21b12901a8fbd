SELECT event_id, toUnixTimestamp64Nano(ts) AS start_ns, own_key, scope, request, intent
FROM
(
@reads/counted-events
)
WHERE is_missing_tool
  AND ({cursor_id:String} = '' OR (toUnixTimestamp64Nano(ts), event_id) < ({cursor_value:Int64}, {cursor_id:String}))
ORDER BY ts DESC, event_id DESC
LIMIT {limit:UInt32}
