SELECT
    intDiv(toUnixTimestamp64Nano(ts), {bucket:Int64}) AS bucket,
    countIf(is_call) AS calls,
    countIf(is_failed_call) AS failed_calls,
    countIf(is_error) AS errors,
    quantileExactIf(0.95)(duration_ns, is_call) AS p95
FROM
(
@reads/counted-events
)
GROUP BY bucket
ORDER BY bucket
