-- Every strand of the scopes in which some strand names one of the actors, as its own or as the user,
-- and which have events in the range of that actor: a superset of the strands whose keys are of these
-- actors then.
WITH ranges AS
(
    SELECT r.1 AS name, r.2 AS lower, r.3 AS upper
    FROM (SELECT arrayJoin(arrayZip({actors:Array(String)}, {lowers:Array(Int64)}, {uppers:Array(Int64)})) AS r)
),
named AS
(
    SELECT DISTINCT scope, lower, upper
    FROM
    (
        SELECT scope, arrayJoin([actor, user_id]) AS name
        FROM strands
        WHERE project = {project:String} AND (actor IN {actors:Array(String)} OR user_id IN {actors:Array(String)})
    ) AS n
    INNER JOIN ranges ON ranges.name = n.name
)
SELECT
    scope, own_key, rung, actor, user_id, client_name,
    min(first).1 AS first_start, min(first).2 AS first_event_id, max(last_end) AS last_end_ns
FROM strands
WHERE project = {project:String} AND scope IN
(
    SELECT s.scope
    FROM strands AS s
    INNER JOIN named ON named.scope = s.scope
    WHERE s.project = {project:String}
    GROUP BY s.scope, lower, upper
    HAVING max(s.last_end) >= lower AND min(s.first.1) <= upper
)
GROUP BY scope, own_key, rung, actor, user_id, client_name
