SELECT project, '' AS day, count() AS row_count, 0 AS content_bytes
FROM {table:Identifier} FINAL
GROUP BY project
ORDER BY project
