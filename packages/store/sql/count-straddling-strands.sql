-- Strands of sessions that began before the cutoff and go on after it.
SELECT uniqExact(part) AS strands
FROM
(
    SELECT arrayJoin(arrayZip(part_own_keys, part_scopes)) AS part
    FROM (SELECT * FROM sessions FINAL WHERE project = {project:String})
    WHERE superseded_by = '' AND is_deleted = 0
      AND toUnixTimestamp64Milli(start) < {cutoff:Int64} AND toUnixTimestamp64Milli(end) >= {cutoff:Int64}
)
