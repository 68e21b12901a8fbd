-- Whether clients told anything of a period: few projects have such events, and this says so of a thousand at once.
ALTER TABLE events ADD INDEX IF NOT EXISTS kind_index kind TYPE minmax GRANULARITY 1;
