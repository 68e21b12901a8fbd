-- Per project: live sessions, the events they count, and superseded ids that lead nowhere.
SELECT
    s.project AS project,
    countIf(s.superseded_by = '' AND s.is_deleted = 0) AS sessions,
    sumIf(s.event_count, s.superseded_by = '' AND s.is_deleted = 0) AS counted_events,
    countIf(s.superseded_by != '' AND live.session_id = '') AS dangling
FROM (SELECT project, session_id, superseded_by, is_deleted, event_count FROM sessions FINAL) AS s
LEFT JOIN (SELECT project, session_id FROM sessions FINAL WHERE superseded_by = '' AND is_deleted = 0) AS live
    ON live.project = s.project AND live.session_id = s.superseded_by
GROUP BY project
ORDER BY project
