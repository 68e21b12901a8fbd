SELECT
    if(r.issue != '', r.issue, e.fingerprint) AS issue,
    count() AS count,
    argMax(e.error_type, (ts, event_id)) AS error_type,
    argMax(e.error_message, (ts, event_id)) AS message,
    argMax(e.event_id, (ts, event_id)) AS sample_id,
    toUnixTimestamp64Nano(max(ts)) AS last_ns
FROM
(
@reads/failed-events
) AS e
LEFT JOIN
(
    SELECT fingerprint, issue FROM issue_redirects FINAL WHERE project = {project:String}
) AS r ON r.fingerprint = e.fingerprint
WHERE e.is_failed_call
GROUP BY issue
ORDER BY count DESC, issue
LIMIT 50
