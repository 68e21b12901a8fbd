SELECT
    a.issue AS id, fingerprints, template,
    toUnixTimestamp64Nano(a.first_seen) AS first_ns, toUnixTimestamp64Nano(a.last_seen) AS last_ns,
    s.status AS said, toUnixTimestamp64Milli(s.changed_at) AS said_ms,
    multiIf(said = '', 'open', said = 'resolved' AND a.last_seen > s.changed_at, 'regressed', toString(said)) AS status
FROM
(
@reads/issue-sightings
) AS a
LEFT JOIN
(
    SELECT issue, status, changed_at FROM issue_status FINAL WHERE project = {project:String}
) AS s ON s.issue = a.issue
WHERE a.issue = {id:String}
LIMIT 1
