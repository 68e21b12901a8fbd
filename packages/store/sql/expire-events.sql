-- Events before the cutoff, of one of several equal shares of the strands, but for those of strands
-- that are kept whole. It names values, not other tables: replicas carry it out each for itself.
DELETE FROM events
WHERE project = {project:String} AND ts < fromUnixTimestamp64Milli({cutoff:Int64})
  AND cityHash64(own_key, scope) % {shares:UInt32} = {share:UInt32}
  AND concat(own_key, ' ', scope) NOT IN {kept:Array(String)}
