-- Intents that were asked on one side of a point in time and not on the other. Those that differ in
-- numbers only are one.
SELECT
    replaceRegexpAll(substring(lower(intent), 1, 500), '[0-9]+', '#') AS shape,
    toUnixTimestamp64Nano(max(ts)) >= {middle:Int64} AS is_new,
    argMax(intent, (ts, event_id)) AS example,
    count() AS count,
    uniqExactIf(user_id, user_id != '') AS users,
    arraySlice(arraySort(groupUniqArrayIf(20)(target, is_call)), 1, 20) AS tools,
    toUnixTimestamp64Nano(max(ts)) AS last_ns
FROM
(
@reads/counted-events
)
WHERE 1
@reads/intent-choice
GROUP BY shape
HAVING (min(ts) >= fromUnixTimestamp64Nano({middle:Int64})) OR (max(ts) < fromUnixTimestamp64Nano({middle:Int64}))
ORDER BY is_new, count DESC, last_ns DESC, shape
LIMIT {limit:UInt32} BY is_new
