-- Where the session's events lie: less than a tenth of its row, which is most of what reading it takes.
SELECT session_id, superseded_by, is_deleted,
    part_own_keys, part_scopes,
    arrayMap(t -> toUnixTimestamp64Nano(t), part_starts) AS part_starts_ns,
    arrayMap(t -> toUnixTimestamp64Nano(t), part_ends) AS part_ends_ns,
    toUnixTimestamp64Nano(start) AS start_ns, toUnixTimestamp64Nano(end) AS end_ns
FROM sessions
WHERE project = {project:String} AND session_id = {id:String}
ORDER BY version DESC
LIMIT 1
