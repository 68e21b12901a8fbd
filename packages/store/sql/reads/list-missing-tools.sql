-- Of what was found, what was delivered twice is taken out.
SELECT
    event_id, toUnixTimestamp64Nano(ts) AS start_ns, own_key, scope, request, intent
FROM events
WHERE
@reads/event-choice
  AND is_missing_tool
@reads/after-cursor -- when cursor_id
@reads/newest-missing-tools -- when many
ORDER BY ts DESC, event_id DESC
LIMIT 1 BY event_id
LIMIT {limit:UInt32}
