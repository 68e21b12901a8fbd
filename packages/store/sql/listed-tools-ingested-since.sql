-- The answers to tools/list that were ingested since a time; those that are the same as one.
SELECT project, server_name, response, toString(min(ts)) AS first_seen, toString(max(ts)) AS last_seen
FROM events
WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64}) AND method = 'tools/list' AND response != ''
GROUP BY project, server_name, response
