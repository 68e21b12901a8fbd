SELECT intDiv(toUnixTimestamp64Nano(ts), {bucket:Int64}) AS bucket, count() AS errors
FROM
(
@reads/failed-events
)
WHERE is_error AND fingerprint IN {fingerprints:Array(String)}
GROUP BY bucket
ORDER BY bucket
