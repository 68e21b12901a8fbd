SELECT
    toString(client_name) AS name,
    arraySort(groupUniqArrayIf(100)(toString(client_version), client_version != '')) AS versions,
    count() AS sessions, uniqExactIf(user_id, user_id != '') AS users,
    sum(tool_calls) AS calls, sum(errors) AS errors, toUnixTimestamp64Nano(max(end)) AS last_ns
FROM
(
@reads/chosen-sessions
)
GROUP BY name
ORDER BY sessions DESC, name
LIMIT {limit:UInt32}
