-- One of several equal shares of the strands of sessions that began before the cutoff and go on after it.
SELECT DISTINCT concat(part.1, ' ', part.2) AS strand
FROM
(
    SELECT arrayJoin(arrayZip(part_own_keys, part_scopes)) AS part
    FROM (SELECT * FROM sessions FINAL WHERE project = {project:String})
    WHERE superseded_by = '' AND is_deleted = 0
      AND toUnixTimestamp64Milli(start) < {cutoff:Int64} AND toUnixTimestamp64Milli(end) >= {cutoff:Int64}
)
WHERE cityHash64(part.1, part.2) % {shares:UInt32} = {share:UInt32}
