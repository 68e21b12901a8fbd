-- Migrations that only one of the store and the backup beside it has.
SELECT count() AS differences
FROM
(
    SELECT name, checksum FROM schema_migrations FINAL
    UNION ALL
    SELECT name, checksum FROM restoring.schema_migrations FINAL
)
GROUP BY name, checksum
HAVING count() != 2
LIMIT 1
