-- A merge writes a dictionary for every granule of a column of low cardinality, which costs more than copying its texts:
-- without, merging a row takes a quarter less, of no more bytes on disk. What is stored already changes in the background.
-- Not the maps: of a part whose map changed, the engine (26.7) uses no bloom filter until it is merged.
ALTER TABLE events
    MODIFY COLUMN rung String,
    MODIFY COLUMN client_name String,
    MODIFY COLUMN client_version String,
    MODIFY COLUMN server_name String,
    MODIFY COLUMN server_version String,
    MODIFY COLUMN protocol_version String,
    MODIFY COLUMN transport String,
    MODIFY COLUMN kind String,
    MODIFY COLUMN method String,
    MODIFY COLUMN error_type String
SETTINGS alter_sync = 0
