SELECT
    event_id, toUnixTimestamp64Nano(ts) AS start_ns, own_key, scope, intent, method, target, is_error
FROM
(
@reads/counted-events
)
WHERE
@reads/intent-choice
    AND ({cursor_id:String} = '' OR (toUnixTimestamp64Nano(ts), event_id) < ({cursor_value:Int64}, {cursor_id:String}))
ORDER BY ts DESC, event_id DESC
LIMIT {limit:UInt32}
