-- Events by project and day, with the size of what is large in them.
SELECT
    project, toString(toDate(ts)) AS day, count() AS row_count,
    sum(length(request) + length(response) + length(error_stack)) AS content_bytes
FROM events FINAL
GROUP BY project, day
ORDER BY project, day
