SELECT
    *, toUnixTimestamp64Nano(ts) AS start_ns,
    length(request) AS request_size, length(response) AS response_size
FROM events FINAL
WHERE project = {project:String}
  AND toDate(ts) = toDate(fromUnixTimestamp64Nano({start:Int64}, 'UTC'))
  AND own_key = {own_key:String} AND ts = fromUnixTimestamp64Nano({start:Int64}) AND event_id = {id:String}
LIMIT 1
