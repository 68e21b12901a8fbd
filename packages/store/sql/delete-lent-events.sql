-- Events that were a user's because their raw session was.
ALTER TABLE events DELETE
WHERE project = {project:String} AND user_id = ''
  AND has(arrayZip({scopes:Array(String)}, {own_keys:Array(String)}), (scope, own_key))
SETTINGS mutations_sync = 2
