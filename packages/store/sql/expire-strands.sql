-- What is known of scopes that have no event left.
DELETE FROM strands
WHERE project = {project:String} AND scope IN
(
    SELECT scope FROM strands WHERE project = {project:String}
    GROUP BY scope HAVING max(last_end) < {cutoff:Int64} * 1000000
)
AND scope NOT IN (SELECT scope FROM events WHERE project = {project:String} AND ts < fromUnixTimestamp64Milli({cutoff:Int64}))
