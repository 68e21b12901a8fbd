-- Every strand of all scopes in which some strand names one of the actors, or one of the users: a
-- superset of the strands that can have a key of these.
SELECT
    scope, own_key, rung, actor, user_id, client_name,
    min(first).1 AS first_start, min(first).2 AS first_event_id, max(last_end) AS last_end_ns
FROM strands
WHERE project = {project:String} AND scope IN (
    SELECT scope FROM strands
    WHERE project = {project:String}
      AND (actor IN {actors:Array(String)} OR (user_id != '' AND user_id IN {users:Array(String)}))
)
GROUP BY scope, own_key, rung, actor, user_id, client_name
