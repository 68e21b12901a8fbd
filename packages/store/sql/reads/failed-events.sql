-- As counted-events.sql, of failures. These are few: it is quicker to take what was delivered twice out of
-- them than to bring together all events first. The rows of an event say the same.
SELECT
    *,
    method = 'tools/call' AS is_call,
    method = 'tools/call' AND is_error AS is_failed_call,
    if(error_fingerprint != '', error_fingerprint,
       concat('v0:', lower(hex(sipHash128(toString(server_name), toString(method), target, toString(error_type)))))) AS fingerprint
FROM events
WHERE
@reads/event-choice
  AND is_error
LIMIT 1 BY event_id
