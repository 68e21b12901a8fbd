-- What is known of every scope: its strands (events that share their evidence) with the earliest
-- event of each, from which identity links follow. Only ever grows; rows of a strand merge.
CREATE TABLE IF NOT EXISTS strands
(
    project LowCardinality(String),
    scope String,
    own_key String,
    rung LowCardinality(String),
    actor String,
    user_id String,
    client_name LowCardinality(String),
    -- (start in nanoseconds, event id) of the earliest event: the least of a scope links its identity.
    first SimpleAggregateFunction(min, Tuple(start Int64, event_id String)),
    last_end SimpleAggregateFunction(max, Int64),
    INDEX actor_index actor TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX user_index user_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = AggregatingMergeTree
ORDER BY (project, scope, own_key, rung, actor, user_id, client_name)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;
