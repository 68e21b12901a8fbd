SELECT toUnixTimestamp64Milli(max(ingested_at)) AS last_ms FROM events
