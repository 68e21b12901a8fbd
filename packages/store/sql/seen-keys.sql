-- Hashes of all keys with the stretches of time that their sessions were seen in, and without, as
-- names of `seen-keys.ts`.
SELECT DISTINCT CRC32(concat(key, '\n', stretch)) AS hash
FROM
(
    SELECT key, arrayJoin(arrayConcat([''], arrayMap(n -> toString(n), range(
        intDiv(toUnixTimestamp64Nano(start), {stretch:UInt64}), intDiv(toUnixTimestamp64Nano(end), {stretch:UInt64}) + 1)))) AS stretch
    FROM sessions
)
