SELECT facet.1 AS name, facet.2 AS value, count() AS count
FROM
(
    SELECT arrayJoin(arrayConcat(
        [('client', toString(client_name)), ('server', toString(server_name)), ('user', user_id),
         ('status', if(errors > 0, 'error', 'ok')), ('source', toString(source)), ('goal', category)],
        arrayMap(tool -> ('tool', toString(tool)), tools))) AS facet
    FROM
    (
@reads/chosen-sessions
    ) AS s
    LEFT JOIN
    (
        SELECT session_id, category FROM session_goals FINAL WHERE project = {project:String}
    ) AS g ON g.session_id = s.session_id
)
WHERE facet.2 != ''
GROUP BY name, value
ORDER BY name, count DESC, value
LIMIT {limit:UInt32} BY name
