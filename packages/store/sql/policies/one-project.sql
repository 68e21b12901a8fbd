-- A ClickHouse user that sees the project `acme` and nothing else, of a store in the database `mcpcat`.
-- To be run by an administrator of the server, with your own names and a password. On a cluster: ON
-- CLUSTER '<name>' in each, and beside every table `x` also `x_local`, in the grants and the policies,
-- because the node that is asked reads its own shard as this user.
CREATE USER IF NOT EXISTS acme_reader IDENTIFIED WITH sha256_password BY 'change-me' SETTINGS readonly = 1;

GRANT SELECT ON mcpcat.events TO acme_reader;
GRANT SELECT ON mcpcat.sessions TO acme_reader;
GRANT SELECT ON mcpcat.session_goals TO acme_reader;

CREATE ROW POLICY IF NOT EXISTS acme_only ON mcpcat.events, mcpcat.sessions, mcpcat.session_goals
FOR SELECT USING project = 'acme' TO acme_reader;

-- A table that has a policy may show nothing to whom none names: the collectors see everything.
CREATE ROW POLICY IF NOT EXISTS everything ON mcpcat.events, mcpcat.sessions, mcpcat.session_goals
FOR SELECT USING 1 TO ALL EXCEPT acme_reader;
