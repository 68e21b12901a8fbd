-- What a person said of an issue last. That it came back after it was resolved follows from when it was
-- seen last.
CREATE TABLE IF NOT EXISTS issue_status
(
    project LowCardinality(String),
    issue String,
    -- 'open', 'resolved', 'ignored'.
    status LowCardinality(String),
    changed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(changed_at)
ORDER BY (project, issue)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
