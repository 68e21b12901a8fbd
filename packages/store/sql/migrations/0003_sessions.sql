-- Whole session rows: all counters of one version together. Not partitioned, so that the rows of
-- one recomputation become visible at once; session ids sort by start, so time ranges still prune.
CREATE TABLE IF NOT EXISTS sessions
(
    project LowCardinality(String),
    session_id String,
    key String,
    rung LowCardinality(String),
    source LowCardinality(String),
    confidence Float32,
    reason String,
    start DateTime64(9, 'UTC'),
    end DateTime64(9, 'UTC'),
    event_count UInt32,
    tool_calls UInt32,
    errors UInt32,
    missing_tools UInt32,
    tools Array(LowCardinality(String)),
    user_id String,
    user_name String,
    user_traits Map(LowCardinality(String), String),
    client_name LowCardinality(String),
    client_version LowCardinality(String),
    server_name LowCardinality(String),
    server_version LowCardinality(String),
    protocol_version LowCardinality(String),
    transport LowCardinality(String),
    mcp_session_ids Array(String),
    first_intent String,
    -- Lower-cased intents, tools, client and user, for search.
    search String,
    first_event_id String,
    -- The strand of the first event: where it is now tells what superseded the session.
    first_own_key String,
    first_scope String,
    -- The events: of strand (own_key, scope), from start to end of the fragment.
    part_own_keys Array(String),
    part_scopes Array(String),
    part_starts Array(DateTime64(9, 'UTC')),
    part_ends Array(DateTime64(9, 'UTC')),
    supersedes Array(String),
    -- The session that this one became part of; empty while it is one.
    superseded_by String,
    -- Of everything the row says but its version.
    content_hash String,
    -- Deduplicated events of the island, so that a superset wins; above 2^40 a generation, which
    -- re-keying and deletion raise.
    version UInt64,
    is_deleted UInt8 DEFAULT 0,
    -- Rows lie by start, so that ends nearly do.
    INDEX end_index end TYPE minmax GRANULARITY 1,
    INDEX user_index user_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX key_index key TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX superseded_index superseded_by TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project, session_id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;
