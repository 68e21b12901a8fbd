SELECT
    *, toUnixTimestamp64Nano(ts) AS start_ns,
    length(request) AS request_size, length(response) AS response_size
FROM events FINAL
WHERE project = {project:String} AND event_id = {id:String}
LIMIT 1
