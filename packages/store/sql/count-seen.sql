-- How much there is to know of what the store has seen: rows, and the stretches of time of its longest session.
SELECT (SELECT count() FROM strands) + (SELECT count() FROM sessions)
    + (SELECT ifNull(max(intDiv(toUnixTimestamp64Nano(end) - toUnixTimestamp64Nano(start), {stretch:UInt64})), 0) FROM sessions) AS rows
