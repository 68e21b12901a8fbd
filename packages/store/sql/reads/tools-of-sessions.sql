SELECT toString(arrayJoin(tools)) AS name, count() AS sessions
FROM
(
@reads/chosen-sessions
)
GROUP BY name
ORDER BY sessions DESC, name
LIMIT {limit:UInt32}
