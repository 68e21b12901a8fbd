SELECT if(is_call, target, '') AS tool, is_error, count() AS count
FROM
(
@reads/counted-events
)
WHERE 1
@reads/intent-choice
GROUP BY tool, is_error
ORDER BY count DESC, tool
