SELECT count() AS count, uniqExactIf(session_user, session_user != '') AS users, uniqExact(session_id) AS sessions
FROM
(
@reads/placed-failures
)
WHERE is_error AND fingerprint IN {fingerprints:Array(String)}
