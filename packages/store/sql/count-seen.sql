-- How much there is to know of what the store has seen: scopes and keys, and the stretches of time of sessions.
SELECT
    (SELECT count() FROM strands)
    + (SELECT sum(least(intDiv(toUnixTimestamp64Nano(end) - toUnixTimestamp64Nano(start), {stretch:UInt64}), {most_stretches:UInt64}) + 2)
       FROM sessions) AS rows
