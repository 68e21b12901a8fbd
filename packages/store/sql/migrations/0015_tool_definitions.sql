-- Every version of a tool's definition that a server listed, with when it was listed first and last.
-- Redelivery changes neither.
CREATE TABLE IF NOT EXISTS tool_definitions
(
    project LowCardinality(String),
    server_name LowCardinality(String),
    tool String,
    -- MD5 of the definition.
    hash String,
    -- As listed: name, description, schemas, annotations. JSON; the same for the same hash.
    definition SimpleAggregateFunction(any, String),
    first_seen SimpleAggregateFunction(min, DateTime64(9, 'UTC')),
    last_seen SimpleAggregateFunction(max, DateTime64(9, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (project, server_name, tool, hash)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
