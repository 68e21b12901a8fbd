-- The user's own events, and those that were the user's because of them.
ALTER TABLE events DELETE
WHERE project = {project:String}
  AND (user_id = {user:String} OR (user_id = '' AND has(arrayZip({scopes:Array(String)}, {own_keys:Array(String)}), (scope, own_key))))
SETTINGS mutations_sync = 2
