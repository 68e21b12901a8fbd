-- Issues with events in the period; what a person said of each; over all time, when it was seen first and last.
SELECT
    i.issue AS id, count, users, sessions, sample_id, sample_message, sample_type, sample_server, sample_tool,
    toUnixTimestamp64Nano(a.first_seen) AS first_ns, toUnixTimestamp64Nano(a.last_seen) AS last_ns,
    s.status AS said, toUnixTimestamp64Milli(s.changed_at) AS said_ms,
    multiIf(said = '', 'open', said = 'resolved' AND a.last_seen > s.changed_at, 'regressed', toString(said)) AS status,
    multiIf({sort:String} = 'count', toInt64(count), {sort:String} = 'first_seen', first_ns, last_ns) AS sort_value
FROM
(
    SELECT
        if(r.issue != '', r.issue, e.fingerprint) AS issue,
        count() AS count,
        uniqExactIf(e.session_user, e.session_user != '') AS users,
        uniqExact(e.session_id) AS sessions,
        argMax(e.event_id, (ts, event_id)) AS sample_id,
        argMax(e.error_message, (ts, event_id)) AS sample_message,
        argMax(e.error_type, (ts, event_id)) AS sample_type,
        argMax(e.server_name, (ts, event_id)) AS sample_server,
        argMax(e.target, (ts, event_id)) AS sample_tool
    FROM
    (
@reads/placed-failures
    ) AS e
    LEFT JOIN
    (
        SELECT fingerprint, issue FROM issue_redirects FINAL WHERE project = {project:String}
    ) AS r ON r.fingerprint = e.fingerprint
    GROUP BY issue
) AS i
INNER JOIN
(
@reads/issue-sightings
) AS a ON a.issue = i.issue
LEFT JOIN
(
    SELECT issue, status, changed_at FROM issue_status FINAL WHERE project = {project:String}
) AS s ON s.issue = i.issue
WHERE 1
  AND status = {issue_status:String} -- when issue_status
  AND (sort_value, id) < ({cursor_value:Int64}, {cursor_id:String}) -- when cursor_id
ORDER BY sort_value DESC, id DESC
LIMIT {limit:UInt32}
