    -- Writers that know nothing of each other can give different rows one version. Which of them
    -- will stay is the engine's to choose, and none of them is what a session is known to say.
    session_id, any(s.key) AS key, version,
    if(uniqExact(s.content_hash) > 1, '', any(s.content_hash)) AS content_hash,
    any(toUnixTimestamp64Nano(s.start)) AS start_ns, max(toUnixTimestamp64Nano(s.end)) AS end_ns,
    any(s.first_event_id) AS first_event_id, any(s.first_own_key) AS first_own_key,
    any(s.first_scope) AS first_scope
