-- Sessions that ended before the cutoff, and the superseded ids that led to them.
DELETE FROM sessions
WHERE project = {project:String} AND session_id IN
(
    SELECT session_id FROM (SELECT * FROM sessions FINAL WHERE project = {project:String})
    WHERE (superseded_by = '' AND end < fromUnixTimestamp64Milli({cutoff:Int64}))
       OR superseded_by IN
       (
           SELECT session_id FROM (SELECT * FROM sessions FINAL WHERE project = {project:String})
           WHERE superseded_by = '' AND end < fromUnixTimestamp64Milli({cutoff:Int64})
       )
)
