INSERT INTO events
SELECT *, now64(3) AS ingested_at, 0 AS is_deleted FROM file({file:String}, 'Parquet')
