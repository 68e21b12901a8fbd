-- The newest events of an issue, of the period or of all time.
SELECT event_id, toUnixTimestamp64Nano(ts) AS start_ns, own_key, scope, error_type, error_message, error_stack, server_name, target
FROM
(
@reads/failed-events
)
WHERE is_error AND fingerprint IN {fingerprints:Array(String)}
ORDER BY ts DESC, event_id DESC
LIMIT 10
