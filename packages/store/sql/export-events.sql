INSERT INTO FUNCTION file({file:String}, 'Parquet')
SELECT * EXCEPT (ingested_at, is_deleted) FROM events FINAL WHERE project = {project:String}
