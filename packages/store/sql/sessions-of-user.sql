-- The user's sessions and what these superseded, of which the latter come first: what leads to a
-- session has to go before it, or nothing would tell any more that it does.
SELECT session_id
FROM (SELECT session_id, user_id, superseded_by FROM sessions FINAL WHERE project = {project:String})
WHERE user_id = {user:String} OR superseded_by IN
(
    SELECT session_id FROM (SELECT session_id, user_id FROM sessions FINAL WHERE project = {project:String})
    WHERE user_id = {user:String}
)
ORDER BY superseded_by = '', session_id
