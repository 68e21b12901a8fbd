SELECT
    user_id AS id,
    argMaxIf(user_name, (end, session_id), user_name != '') AS name,
    count() AS sessions, sum(tool_calls) AS calls, sum(errors) AS errors,
    toUnixTimestamp64Nano(min(start)) AS first_ns, toUnixTimestamp64Nano(max(end)) AS last_ns,
    arraySort(groupUniqArrayIf(50)(toString(client_name), client_name != '')) AS clients,
    arraySort(groupUniqArrayIf(50)(toString(server_name), server_name != '')) AS servers,
    argMaxIf(user_traits, (end, session_id), notEmpty(user_traits)) AS traits
FROM
(
@reads/chosen-sessions
)
WHERE user_id != ''
GROUP BY id
HAVING (last_ns, id) < ({cursor_value:Int64}, {cursor_id:String}) -- when cursor_id
ORDER BY last_ns DESC, id DESC
LIMIT {limit:UInt32}
