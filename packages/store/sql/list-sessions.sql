-- A page of live sessions, greatest sort value first; ties by id. Which ones is decided on the columns
-- that are asked for alone; the whole rows are read of those only.
SELECT
    *, toUnixTimestamp64Nano(start) AS start_ns, toUnixTimestamp64Nano(end) AS end_ns,
    arrayMap(t -> toUnixTimestamp64Nano(t), part_starts) AS part_starts_ns,
    arrayMap(t -> toUnixTimestamp64Nano(t), part_ends) AS part_ends_ns,
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
        FROM sessions FINAL
        WHERE project = {project:String}
          AND superseded_by = '' AND is_deleted = 0
          AND session_id < {before_id:String}
          AND ({from:Int64} = 0 OR end >= fromUnixTimestamp64Nano({from:Int64}))
          AND ({to:Int64} = 0 OR start <= fromUnixTimestamp64Nano({to:Int64}))
          AND ({server:String} = '' OR server_name = {server:String})
          AND ({client:String} = '' OR client_name = {client:String})
          AND ({tool:String} = '' OR has(tools, {tool:String}))
          AND ({user:String} = '' OR user_id = {user:String})
          AND ({status:String} = '' OR (errors > 0) = ({status:String} = 'error'))
          AND ({source:String} = '' OR source = {source:String})
          AND (empty({words:Array(String)}) OR arrayAll(word -> position(search, word) > 0, {words:Array(String)}))
          AND ({cursor_id:String} = '' OR (value, session_id) < ({cursor_value:Int64}, {cursor_id:String}))
        ORDER BY value DESC, session_id DESC
        LIMIT {limit:UInt32}
    )
)
ORDER BY sort_value DESC, session_id DESC
