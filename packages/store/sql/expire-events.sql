-- Events before the cutoff, but for those of sessions that go on after it: these stay whole.
DELETE FROM events
WHERE project = {project:String} AND ts < fromUnixTimestamp64Milli({cutoff:Int64})
  AND (own_key, scope) NOT IN
  (
    SELECT part.1, part.2
    FROM (SELECT * FROM sessions FINAL WHERE project = {project:String} AND superseded_by = '' AND is_deleted = 0)
    ARRAY JOIN arrayZip(part_own_keys, part_scopes) AS part
    WHERE start < fromUnixTimestamp64Milli({cutoff:Int64}) AND end >= fromUnixTimestamp64Milli({cutoff:Int64})
  )
