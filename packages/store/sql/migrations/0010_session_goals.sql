-- What a session was for, as the newest run of categorization says; an own table, so that a session
-- that is recomputed keeps its goal.
CREATE TABLE IF NOT EXISTS session_goals
(
    project LowCardinality(String),
    session_id String,
    -- Id of the goal; stays when it is renamed.
    category String,
    name String,
    -- 'success', 'failure', …; empty when it was not judged.
    outcome LowCardinality(String),
    reasoning String,
    -- What decided: 'rule', 'cluster', 'model', 'person'.
    method LowCardinality(String),
    model LowCardinality(String),
    -- Of the session that was looked at: another one there means that it is to be looked at again.
    content_hash String,
    -- Orders runs; the greatest wins.
    run UInt64,
    INDEX category_index category TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(run)
ORDER BY (project, session_id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;
