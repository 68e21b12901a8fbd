-- How long the strands of sessions are that began before the cutoff and go on after it.
SELECT sum(length(part.1) + length(part.2) + 2) AS characters
FROM
(
    SELECT DISTINCT arrayJoin(arrayZip(part_own_keys, part_scopes)) AS part
    FROM (SELECT * FROM sessions FINAL WHERE project = {project:String})
    WHERE superseded_by = '' AND is_deleted = 0
      AND toUnixTimestamp64Milli(start) < {cutoff:Int64} AND toUnixTimestamp64Milli(end) >= {cutoff:Int64}
)
