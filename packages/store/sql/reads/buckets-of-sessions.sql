-- By when they began.
SELECT intDiv(toUnixTimestamp64Nano(start), {bucket:Int64}) AS bucket, count() AS sessions
FROM
(
@reads/chosen-sessions
)
WHERE start >= fromUnixTimestamp64Nano({from:Int64}) AND start < fromUnixTimestamp64Nano({to:Int64})
GROUP BY bucket
ORDER BY bucket
