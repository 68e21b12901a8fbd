-- Fingerprints whose events belong to the issue of another one; to their own again when both are the same.
CREATE TABLE IF NOT EXISTS issue_redirects
(
    project LowCardinality(String),
    fingerprint String,
    issue String,
    changed_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(changed_at)
ORDER BY (project, fingerprint)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
