SELECT * EXCEPT (search), toUnixTimestamp64Nano(start) AS start_ns, toUnixTimestamp64Nano(end) AS end_ns,
    arrayMap(t -> toUnixTimestamp64Nano(t), part_starts) AS part_starts_ns,
    arrayMap(t -> toUnixTimestamp64Nano(t), part_ends) AS part_ends_ns
FROM sessions
WHERE project = {project:String} AND session_id = {id:String}
ORDER BY version DESC
LIMIT 1
