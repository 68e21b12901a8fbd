SELECT
    countIf(is_call) AS calls,
    countIf(is_failed_call) AS failed_calls,
    countIf(is_error) AS errors,
    countIf(is_missing_tool) AS missing_tools,
    quantilesExactIf(0.5, 0.95)(duration_ns, is_call) AS quantiles
FROM
(
@reads/counted-events
)
