SELECT * EXCEPT (search, part_own_keys, part_scopes, part_starts, part_ends, content_hash),
    toUnixTimestamp64Nano(start) AS start_ns, toUnixTimestamp64Nano(end) AS end_ns
FROM sessions
WHERE project = {project:String} AND session_id = {id:String}
ORDER BY version DESC
LIMIT 1
