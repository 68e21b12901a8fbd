-- Every strand of the given scopes.
SELECT
    scope, own_key, rung, actor, user_id, client_name,
    min(first).1 AS first_start, min(first).2 AS first_event_id, max(last_end) AS last_end_ns
FROM strands
WHERE project = {project:String} AND scope IN {scopes:Array(String)}
GROUP BY scope, own_key, rung, actor, user_id, client_name
