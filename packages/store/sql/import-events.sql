-- The table computes the ids of trace and span from the event's.
INSERT INTO events
SELECT * EXCEPT (trace_id, span_id), now64(3) AS ingested_at, 0 AS is_deleted FROM file({file:String}, 'Parquet')
