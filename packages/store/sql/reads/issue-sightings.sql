-- Over all time. Redelivery changes neither, so that rows need not be brought together first.
SELECT
    if(r.issue != '', r.issue, f.fingerprint) AS issue,
    groupUniqArray(1000)(f.fingerprint) AS fingerprints,
    min(first_seen) AS first_seen, max(last_seen) AS last_seen,
    any(template) AS template
FROM
(
    -- Apart, because the columns of the second are read of few events: most errors are fingerprinted.
    SELECT
        error_fingerprint AS fingerprint,
        min(ts) AS first_seen, max(ts) AS last_seen, anyIf(error_template, error_template != '') AS template
    FROM events
    WHERE project = {project:String} AND is_error AND error_fingerprint != ''
    GROUP BY fingerprint
    UNION ALL
    SELECT
        concat('v0:', lower(hex(sipHash128(toString(server_name), toString(method), target, toString(error_type))))) AS fingerprint,
        min(ts) AS first_seen, max(ts) AS last_seen, '' AS template
    FROM events
    WHERE project = {project:String} AND is_error AND error_fingerprint = ''
    GROUP BY fingerprint
) AS f
LEFT JOIN
(
    SELECT fingerprint, issue FROM issue_redirects FINAL WHERE project = {project:String}
) AS r ON r.fingerprint = f.fingerprint
GROUP BY issue
