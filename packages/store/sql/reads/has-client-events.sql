-- Whether a client reported anything in the period: few projects have such, and the others need not look
-- for what was reported twice.
SELECT 1 AS found
FROM events
WHERE project = {project:String} AND kind = 'client'
  AND toDate(ts) >= toDate(fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
  AND toDate(ts) <= toDate(fromUnixTimestamp64Nano({to:Int64}, 'UTC'))
  AND ts >= fromUnixTimestamp64Nano({from:Int64}) AND ts < fromUnixTimestamp64Nano({to:Int64})
LIMIT 1
