-- A page of live sessions, greatest sort value first; ties by id. Which ones is decided on the columns
-- that are asked for alone; the whole rows are read of those only.
SELECT
    * EXCEPT (search, part_own_keys, part_scopes, part_starts, part_ends, content_hash),
    toUnixTimestamp64Nano(start) AS start_ns, toUnixTimestamp64Nano(end) AS end_ns,
    multiIf({sort:String} = 'activity', end_ns, {sort:String} = 'duration', end_ns - start_ns, start_ns) AS sort_value
FROM sessions FINAL
WHERE project = {project:String} AND session_id IN
(
    SELECT session_id
    FROM
    (
        SELECT
            session_id,
            multiIf(
                {sort:String} = 'activity', toUnixTimestamp64Nano(end),
                {sort:String} = 'duration', toUnixTimestamp64Nano(end) - toUnixTimestamp64Nano(start),
                toUnixTimestamp64Nano(start)) AS value
        FROM
        (
@reads/chosen-sessions
        )
        WHERE (value, session_id) < ({cursor_value:Int64}, {cursor_id:String}) -- when cursor_id
        ORDER BY value DESC, session_id DESC
        LIMIT {limit:UInt32}
    )
)
ORDER BY sort_value DESC, session_id DESC
