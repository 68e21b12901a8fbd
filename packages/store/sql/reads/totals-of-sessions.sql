SELECT count() AS sessions, uniqExactIf(user_id, user_id != '') AS users
FROM
(
@reads/chosen-sessions
)
