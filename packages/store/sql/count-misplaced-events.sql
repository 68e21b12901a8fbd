-- Per project: events, and those that are not in exactly one live session.
WITH parts AS
(
    SELECT DISTINCT project, session_id, p.1 AS own_key, p.2 AS scope, p.3 AS start, p.4 AS end
    FROM (SELECT * FROM sessions FINAL WHERE superseded_by = '' AND is_deleted = 0)
    ARRAY JOIN arrayZip(part_own_keys, part_scopes, part_starts, part_ends) AS p
)
SELECT project, count() AS events, countIf(places != 1) AS misplaced
FROM
(
    SELECT e.project AS project, e.event_id AS event_id, countIf(e.ts >= p.start AND e.ts <= p.end AND p.session_id != '') AS places
    FROM (SELECT project, own_key, scope, ts, event_id FROM events FINAL) AS e
    LEFT JOIN parts AS p ON p.project = e.project AND p.own_key = e.own_key AND p.scope = e.scope
    GROUP BY project, event_id
)
GROUP BY project
ORDER BY project
