-- What the events since a time of ingestion say about their scopes, or about the given ones. Inserting
-- it again changes nothing.
INSERT INTO strands (project, scope, own_key, rung, actor, user_id, client_name, first, last_end)
SELECT
    project, arrayJoin(arrayDistinct(arrayFilter(s -> s != '', [
        scope,
        multiIf(rung != 'handle', '', mcp_session_id != '', concat('protocol:', mcp_session_id),
                connection_id != '', concat('connection:', connection_id), '')]))) AS in_scope,
    own_key, rung, actor, strand_user, client_name,
    min((toUnixTimestamp64Nano(ts), event_id)), max(toUnixTimestamp64Nano(end_ts))
FROM
(
    SELECT *, if({users:Bool}, user_id, '') AS strand_user
    FROM events FINAL
    WHERE ingested_at >= fromUnixTimestamp64Milli({since:Int64})
)
WHERE empty({scopes:Array(String)}) OR in_scope IN {scopes:Array(String)}
GROUP BY project, in_scope, own_key, rung, actor, strand_user, client_name
