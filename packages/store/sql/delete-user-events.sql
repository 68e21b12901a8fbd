-- The user's own events.
ALTER TABLE events DELETE
WHERE project = {project:String} AND user_id = {user:String}
SETTINGS mutations_sync = 2
