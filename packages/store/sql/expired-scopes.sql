-- Scopes that have no event left, a page of them.
SELECT scope AS id
FROM strands
WHERE project = {project:String} AND scope > {after:String}
  AND scope NOT IN
  (
      SELECT scope FROM events
      WHERE project = {project:String} AND ts < fromUnixTimestamp64Milli({cutoff:Int64})
  )
GROUP BY scope
HAVING max(last_end) < {cutoff:Int64} * 1000000
ORDER BY scope
LIMIT {limit:UInt32}
