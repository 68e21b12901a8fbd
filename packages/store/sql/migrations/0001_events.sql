-- One row per MCP event, as it was sent. A row is a pure function of its span and never rewritten:
-- which session it belongs to follows from (own_key, scope) and what is known of that scope.
CREATE TABLE IF NOT EXISTS events
(
    project LowCardinality(String),
    -- Key by the event's own evidence, see the sessions package. 32 hex digits.
    own_key String,
    -- Conversation inside which identities are linked: 'protocol:…', 'connection:…', 'handle:…', or empty.
    scope String,
    ts DateTime64(9, 'UTC'),
    -- At most a day after ts, so that a look at a time range need not look at all before it.
    end_ts DateTime64(9, 'UTC'),
    -- Trace id and span id, or the sender's own id: redelivery deduplicates on it.
    event_id String,
    rung LowCardinality(String),
    -- Whom that rung names.
    actor String,
    user_id String,
    user_name String,
    user_traits Map(LowCardinality(String), String),
    client_name LowCardinality(String),
    client_version LowCardinality(String),
    server_name LowCardinality(String),
    server_version LowCardinality(String),
    protocol_version LowCardinality(String),
    transport LowCardinality(String),
    mcp_session_id String,
    connection_id String,
    trace_id String,
    span_id String,
    parent_span_id String,
    -- 'server', 'client', 'internal', 'producer', 'consumer'.
    kind LowCardinality(String),
    -- MCP method, or 'mcpcat:custom', 'mcpcat:identify'.
    method LowCardinality(String),
    -- Tool or prompt name, or resource URI.
    target String,
    duration_ns Int64,
    is_error Bool,
    is_missing_tool Bool,
    error_type LowCardinality(String),
    jsonrpc_code Nullable(Int32),
    error_message String,
    error_stack String,
    error_fingerprint String,
    error_template String,
    intent String,
    -- JSON text as captured; empty when it was not.
    request String CODEC(ZSTD(3)),
    response String CODEC(ZSTD(3)),
    tags Map(String, String),
    attributes Map(LowCardinality(String), String),
    resource Map(LowCardinality(String), String),
    ingested_at DateTime64(3, 'UTC') DEFAULT now64(3),
    is_deleted UInt8 DEFAULT 0,
    INDEX end_index end_ts TYPE minmax GRANULARITY 1,
    INDEX ingested_index ingested_at TYPE minmax GRANULARITY 1,
    INDEX event_id_index event_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX scope_index scope TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX trace_id_index trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX fingerprint_index error_fingerprint TYPE bloom_filter(0.01) GRANULARITY 4,
    INDEX intent_index lower(intent) TYPE tokenbf_v1(8192, 3, 0) GRANULARITY 4
)
ENGINE = ReplacingMergeTree(ingested_at, is_deleted)
PARTITION BY toYYYYMM(ts)
-- The day first: what arrives, and what a time range asks for, then lies together.
ORDER BY (project, toDate(ts), own_key, ts, event_id)
SETTINGS index_granularity = 1024, non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
