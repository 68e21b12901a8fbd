-- What servers say they have.
SELECT
    toString(server_name) AS server, tool AS name,
    toUnixTimestamp64Nano(min(first_seen)) AS first_ns, toUnixTimestamp64Nano(max(last_seen)) AS last_ns
FROM tool_definitions
WHERE project = {project:String}
  AND server_name = {server:String} -- when server
  AND tool = {tool:String} -- when tool
GROUP BY server, name
ORDER BY server, name
LIMIT 5000
