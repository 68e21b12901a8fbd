-- Hashes of all keys with the stretches of time that their sessions were seen in, and without, as
-- names of `seen-keys.ts`. Of a session of more stretches than anybody would look at: with all of time.
SELECT DISTINCT CRC32(concat(key, '\n', stretch)) AS hash
FROM
(
    SELECT key, arrayJoin(arrayConcat([''], if(intDiv(last - first, {stretch:UInt64}) > {most_stretches:UInt64}, ['*'],
        arrayMap(n -> toString(n), range(
            intDiv(first, {stretch:UInt64}),
            least(intDiv(last, {stretch:UInt64}), intDiv(first, {stretch:UInt64}) + {most_stretches:UInt64} + 1) + 1))))) AS stretch
    FROM (SELECT key, toUnixTimestamp64Nano(start) AS first, toUnixTimestamp64Nano(end) AS last FROM sessions)
)
