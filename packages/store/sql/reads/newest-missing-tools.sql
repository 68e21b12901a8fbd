-- As newest-intents.sql.
  AND ts >=
  (
    SELECT min(ts)
    FROM
    (
        SELECT DISTINCT ts
        FROM events
        WHERE
@reads/event-choice
          AND is_missing_tool
@reads/after-cursor -- when cursor_id
        ORDER BY ts DESC
        LIMIT {limit:UInt32}
    )
    HAVING count() > 0
  )
