-- Rows of these replace each other by version, so those of a backup may be added to them. The
-- others follow from the events.
SELECT name FROM system.tables
WHERE database = 'restoring' AND engine = 'ReplacingMergeTree' AND name NOT IN ('events', 'schema_migrations')
ORDER BY name
