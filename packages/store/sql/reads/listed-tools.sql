-- What servers say they have.
SELECT
    toString(server_name) AS server, tool AS name,
    toUnixTimestamp64Nano(min(first_seen)) AS first_ns, toUnixTimestamp64Nano(max(last_seen)) AS last_ns
FROM tool_definitions
WHERE project = {project:String}
  AND ({server:String} = '' OR server_name = {server:String}) AND ({tool:String} = '' OR tool = {tool:String})
GROUP BY server, name
ORDER BY server, name
LIMIT 5000
