-- The row that came last. Rows without the event are told by the blooms of both its ids: each lets one in a
-- hundred through, together one in ten thousand.
SELECT
    *, trace_id, span_id, toUnixTimestamp64Nano(ts) AS start_ns,
    length(request) AS request_size, length(response) AS response_size
FROM events
WHERE project = {project:String}
  AND trace_id = {trace_id:String} -- when trace_id
  AND event_id = {id:String}
ORDER BY ingested_at DESC
LIMIT 1
