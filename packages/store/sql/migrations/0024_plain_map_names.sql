-- As 0022, of the maps' names: merging a row takes another fifth less. What is stored already changes in the background.
ALTER TABLE events
    MODIFY COLUMN user_traits Map(String, String),
    MODIFY COLUMN attributes Map(String, String),
    MODIFY COLUMN resource Map(String, String)
SETTINGS alter_sync = 0
