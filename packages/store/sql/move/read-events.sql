-- One of several equal shares of a project's events of a day.
SELECT *
FROM events FINAL
WHERE project = {project:String} AND toDate(ts) = toDate({day:String})
  AND cityHash64(event_id) % {shares:UInt32} = {share:UInt32}
