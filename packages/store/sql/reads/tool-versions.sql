SELECT
    toString(server_name) AS server, hash, any(definition) AS definition,
    toUnixTimestamp64Nano(min(first_seen)) AS first_ns, toUnixTimestamp64Nano(max(last_seen)) AS last_ns
FROM tool_definitions
WHERE project = {project:String} AND tool = {tool:String}
GROUP BY server, hash
ORDER BY first_ns DESC, last_ns DESC, server, hash
LIMIT 200
