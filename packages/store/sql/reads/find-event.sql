-- Where the event lies: found in narrow columns, its wide row is then read by the sorting key.
SELECT toUnixTimestamp64Nano(ts) AS start_ns, own_key
FROM events
WHERE project = {project:String} AND event_id = {id:String}
ORDER BY ingested_at DESC
LIMIT 1
