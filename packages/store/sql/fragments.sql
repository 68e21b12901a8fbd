-- The fragments of the given strands with all that a session row needs of each. A strand
-- (own_keys[i], scopes[i]) belongs to the key keys[i]; within a key, the events of one scope are cut
-- where nothing happened for more than gaps[i] nanoseconds. Only events that end at lowers[i] or later
-- and start at uppers[i] or earlier are looked at.
WITH members AS
(
    SELECT m.1 AS own_key, m.2 AS scope, m.3 AS key, m.4 AS gap, m.5 AS lower, m.6 AS upper
    FROM (SELECT arrayJoin(arrayZip(
        {own_keys:Array(String)}, {scopes:Array(String)}, {keys:Array(String)}, {gaps:Array(Int64)},
        {lowers:Array(Int64)}, {uppers:Array(Int64)})) AS m)
)
SELECT
    key, scope,
    toUnixTimestamp64Nano(min(ts)) AS start_ns,
    toUnixTimestamp64Nano(max(end_ts)) AS end_ns,
    argMin(event_id, (ts, event_id)) AS first_event,
    argMin(own_key, (ts, event_id)) AS first_own_key,
    groupUniqArray(own_key) AS own_keys,
    count() AS event_count,
    countIf(method = 'tools/call') AS tool_calls,
    countIf(is_error) AS errors,
    countIf(is_missing_tool) AS missing_tools,
    arraySort(groupUniqArrayIf(target, method = 'tools/call' AND target != '')) AS tools,
    argMinIf(e.user_id, (ts, event_id), e.user_id != '') AS user,
    argMaxIf(e.user_name, (ts, event_id), e.user_name != '') AS user_name_last,
    argMaxIf(e.user_traits, (ts, event_id), notEmpty(e.user_traits)) AS user_traits_last,
    argMinIf(e.client_name, (ts, event_id), e.client_name != '') AS client,
    argMinIf(e.client_version, (ts, event_id), e.client_version != '') AS client_version_first,
    argMinIf(e.server_name, (ts, event_id), e.server_name != '') AS server,
    argMinIf(e.server_version, (ts, event_id), e.server_version != '') AS server_version_first,
    argMinIf(e.protocol_version, (ts, event_id), e.protocol_version != '') AS protocol,
    argMinIf(e.transport, (ts, event_id), e.transport != '') AS transport_first,
    arraySort(groupUniqArrayIf(mcp_session_id, mcp_session_id != '')) AS mcp_session_ids,
    argMinIf(intent, (ts, event_id), intent != '') AS first_intent,
    substring(arrayStringConcat(arraySort(groupUniqArrayIf(lower(intent), intent != '')), '\n'), 1, 20000) AS intents
FROM
(
    SELECT *, sum(opens) OVER (PARTITION BY key, scope ORDER BY ts, event_id ROWS UNBOUNDED PRECEDING) AS fragment
    FROM
    (
        SELECT
            *,
            toUnixTimestamp64Nano(ts) - max(toUnixTimestamp64Nano(end_ts))
                OVER (PARTITION BY key, scope ORDER BY ts, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > gap
                AND row_number() OVER (PARTITION BY key, scope ORDER BY ts, event_id) > 1 AS opens
        FROM
        (
            SELECT
                m.key AS key, m.gap AS gap, f.own_key AS own_key, f.scope AS scope, ts, end_ts, event_id, user_id,
                user_name, user_traits, client_name, client_version, server_name, server_version, protocol_version,
                transport, mcp_session_id, method, target, is_error, is_missing_tool, intent
            FROM events AS f FINAL
            INNER JOIN members AS m ON f.own_key = m.own_key AND f.scope = m.scope
            WHERE f.project = {project:String} AND f.own_key IN {own_keys:Array(String)} AND f.scope IN {scopes:Array(String)}
                AND f.ts >= fromUnixTimestamp64Nano(arrayMin({lowers:Array(Int64)})) - INTERVAL 1 DAY
                AND f.end_ts >= fromUnixTimestamp64Nano(arrayMin({lowers:Array(Int64)}))
                AND f.ts <= fromUnixTimestamp64Nano(arrayMax({uppers:Array(Int64)}))
                AND toUnixTimestamp64Nano(f.end_ts) >= m.lower AND toUnixTimestamp64Nano(f.ts) <= m.upper
        )
    )
) AS e
GROUP BY key, scope, fragment
ORDER BY key, start_ns, first_event
SETTINGS optimize_move_to_prewhere_if_final = 1
