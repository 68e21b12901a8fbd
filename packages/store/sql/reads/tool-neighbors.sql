-- What was called right before and right after a tool, within the session.
SELECT neighbor.1 AS name, countIf(neighbor.2 = 'before') AS before, countIf(neighbor.2 = 'after') AS after
FROM
(
    SELECT arrayJoin([(call_before, 'before'), (call_after, 'after')]) AS neighbor
    FROM
    (
        SELECT
            target,
            lagInFrame(target, 1, '') OVER session_calls AS call_before,
            leadInFrame(target, 1, '') OVER session_calls AS call_after
        FROM
        (
@reads/placed-events
        )
        WHERE is_call AND target != '' AND session != 0
        WINDOW session_calls AS
            (PARTITION BY session ORDER BY ts, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    )
    WHERE target = {of_tool:String}
)
WHERE neighbor.1 != ''
GROUP BY name
ORDER BY before + after DESC, name
LIMIT {limit:UInt32}
