-- Where there are many, those to show are found by time alone, which is a narrow column: among as many
-- different times as there are rows to show are all of those rows.
  AND ts >=
  (
    SELECT min(ts)
    FROM
    (
        SELECT DISTINCT ts
        FROM events
        WHERE
@reads/event-choice
@reads/intent-choice
@reads/after-cursor -- when cursor_id
        ORDER BY ts DESC
        LIMIT {limit:UInt32}
    )
    HAVING count() > 0
  )
