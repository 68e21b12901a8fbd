-- With what the table computes, at its place, for whoever else reads the file.
INSERT INTO FUNCTION file({file:String}, 'Parquet')
SELECT * EXCEPT (ingested_at, is_deleted) FROM events FINAL WHERE project = {project:String}
SETTINGS asterisk_include_alias_columns = 1
