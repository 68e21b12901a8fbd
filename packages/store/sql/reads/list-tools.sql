SELECT
    toString(server_name) AS server, target AS name,
    count() AS calls,
    countIf(is_error) AS failed_calls,
    quantilesExact(0.5, 0.95)(duration_ns) AS quantiles,
    uniqExact(session) AS sessions,
    uniqExactIf(session_user, session_user != 0) AS users,
    toUnixTimestamp64Nano(max(ts)) AS last_ns
FROM
(
@reads/placed-events
)
WHERE is_call AND target != ''
GROUP BY server, name
ORDER BY calls DESC, server, name
LIMIT {limit:UInt32}
