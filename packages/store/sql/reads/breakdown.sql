SELECT
    multiIf(
        {by:String} = 'client', toString(session_client),
        {by:String} = 'server', toString(server_name),
        {by:String} = 'tool', if(is_call, target, ''),
        {by:String} = 'method', toString(method),
        {by:String} = 'user', session_user_id,
        {by:String} = 'source', toString(session_source),
        toString(error_type)) AS value,
    uniqExact(session) AS sessions,
    uniqExactIf(session_user, session_user != 0) AS users,
    count() AS events,
    countIf(is_call) AS calls,
    countIf(is_failed_call) AS failed_calls,
    countIf(is_error) AS errors,
    quantilesExactIf(0.5, 0.95)(duration_ns, is_call) AS quantiles
FROM
(
@reads/placed-events
)
WHERE ({by:String} != 'tool' OR is_call) AND ({by:String} != 'errorType' OR is_error)
GROUP BY value
ORDER BY events DESC, value
LIMIT {limit:UInt32}
