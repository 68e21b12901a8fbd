-- Every strand that got an event since a time of ingestion, also the stateless ones.
SELECT
    project, scope, own_key, rung, actor, if({users:Bool}, events.user_id, '') AS user_id, client_name,
    if(rung != 'handle', scope, multiIf(mcp_session_id != '', concat('protocol:', mcp_session_id),
       connection_id != '', concat('connection:', connection_id), '')) AS raw,
    toUnixTimestamp64Nano(min(ts)) AS first_start, argMin(event_id, (ts, event_id)) AS first_event_id,
    toUnixTimestamp64Nano(max(end_ts)) AS last_end_ns
FROM events FINAL
WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64})
GROUP BY project, scope, own_key, rung, actor, user_id, client_name, raw
ORDER BY project, own_key, scope
