-- As if they came in now: whatever must look at new events again looks at them.
INSERT INTO events
SELECT * REPLACE (now64(3) AS ingested_at) FROM restoring.events FINAL
